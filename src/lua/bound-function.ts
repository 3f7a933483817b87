import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { CallbackResults, LuaFunction } from "./callback.ts";
import { type Kind, Mismatch } from "./kind.ts";
import type { CallPosition } from "./position.ts";
import { type LuaState, registryIndex } from "./state.ts";
import type { Trace } from "./trace.ts";

/** What calling back into Lua needs; the VM provides it. */
export interface CallbackHost {
  readonly state: LuaState;
  readonly trace: Trace;
  push(value: unknown): void;
  read<T>(kind: Kind<T>, index: number): T;
  /** Calls the function below its `args` arguments on the stack; `results` values replace them. */
  call(args: number, results: number): void;
  /** As `call`, without results; gives the error that ends it. */
  attempt(args: number): LuakitError | undefined;
  /** Runs `body` with the limits of the script on. */
  within<T>(body: () => T): T;
}

/** A Lua function held by its key in the registry. */
export class BoundFunction implements LuaFunction {
  private readonly host: CallbackHost;
  private readonly reference: bigint;

  constructor(host: CallbackHost, reference: number) {
    this.host = host;
    this.reference = BigInt(reference);
  }

  push(): void {
    this.host.state.c.lua_rawgeti(this.host.state.thread, registryIndex, this.reference);
  }

  call<const K extends readonly Kind<unknown>[]>(args: readonly unknown[], results: K): CallbackResults<K> {
    return this.host.within(() => {
      const { c, thread } = this.host.state;
      const top = c.lua_gettop(thread);
      c.luaL_checkstack(thread, args.length + results.length + 8, 0);
      this.push();
      for (const value of args) this.host.push(value);
      this.host.call(args.length, results.length);
      const values = results.map((kind, index) => this.readResult(kind, top + 1 + index, index + 1));
      c.lua_settop(thread, top);
      return values as CallbackResults<K>;
    });
  }

  attempt(args: readonly unknown[]): LuakitError | undefined {
    return this.host.within(() => {
      this.host.state.c.luaL_checkstack(this.host.state.thread, args.length + 8, 0);
      this.push();
      for (const value of args) this.host.push(value);
      return this.host.attempt(args.length);
    });
  }

  private readResult<T>(kind: Kind<T>, index: number, position: number): T {
    try {
      return this.host.read(kind, index);
    } catch (error) {
      if (error instanceof Mismatch) throw error.within(`result ${position} of the function`);
      throw error;
    }
  }

  definedAt(): CallPosition | undefined {
    const { c, thread } = this.host.state;
    this.push();
    const position = this.host.trace.definition();
    c.lua_settop(thread, -2);
    return position;
  }
}

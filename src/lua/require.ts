import { LuakitError } from "../diagnostic/luakit-error.ts";
import { loadChunk } from "./chunk.ts";
import type { Failures } from "./failure.ts";
import { luaType, Mismatch } from "./kind.ts";
import type { LuaStack } from "./lua-stack.ts";
import type { FoundModule, ModuleSource } from "./module.ts";
import { pushKept } from "./push.ts";
import type { LuaState } from "./state.ts";
import type { Trace } from "./trace.ts";

export interface RequireOptions {
  readonly state: LuaState;
  readonly stack: LuaStack;
  readonly trace: Trace;
  readonly failures: Failures;
  readonly modules: ModuleSource;
}

/** The global `require`: each module is run once, under whatever name it is asked for. */
export class Require {
  private readonly options: RequireOptions;
  private readonly values = new Map<string, bigint>();
  private readonly running: { readonly path: string; readonly name: string }[] = [];

  constructor(options: RequireOptions) {
    this.options = options;
  }

  /** Runs `body` as the module at `path`, which cannot require itself then; `name` is what errors call it. */
  within<T>(path: string, body: () => T, name = path): T {
    this.running.push({ path, name });
    try {
      return body();
    } finally {
      this.running.pop();
    }
  }

  call(): number {
    const { state, stack } = this.options;
    const { c } = state;
    const name = stack.type(stack.at(1)) === luaType.string ? stack.text(stack.at(1)) : undefined;
    if (name === undefined) throw new Mismatch(`expected a module's name, got ${stack.describe(stack.at(1))}`);
    stack.setTop(1);
    c.lua_getglobal(state.thread, state.name("package"));
    if (stack.type(stack.at(2)) === luaType.table) {
      c.lua_getfield(state.thread, 2, state.name("loaded"));
      if (stack.type(stack.at(3)) === luaType.table && this.pushNamed(3) !== luaType.nil) return 1;
    }
    this.pushModule(name, this.find(name));
    if (stack.type(stack.at(3)) === luaType.table) {
      c.lua_pushvalue(state.thread, 1);
      c.lua_pushvalue(state.thread, -2);
      c.lua_rawset(state.thread, 3);
    }
    return 1;
  }

  private pushNamed(table: number): number {
    this.options.state.c.lua_pushvalue(this.options.state.thread, 1);
    return this.options.state.c.lua_rawget(this.options.state.thread, table);
  }

  private find(name: string): FoundModule {
    const answer = this.options.modules.find(name);
    if ("found" in answer) return answer.found;
    const tried = answer.tried.map((place) => `\n  ${place}`).join("");
    throw new LuakitError("script.module", `module "${name}" was not found; looked at:${tried}`);
  }

  private pushModule(name: string, module: FoundModule): void {
    const known = this.values.get(module.path);
    if (known !== undefined) {
      pushKept(this.options.state, known);
      return;
    }
    const cycle = this.running.findIndex(({ path }) => path === module.path);
    if (cycle >= 0) throw new LuakitError("script.module", `module "${name}" requires itself${this.via(cycle)}`);
    this.within(module.path, () => this.run(name, module), module.file.name);
    this.values.set(module.path, BigInt(this.options.state.keep(-1)));
  }

  private via(cycle: number): string {
    const between = this.running.slice(cycle + 1).map(({ name }) => name);
    return between.length === 0 ? "" : ` through ${between.join(", ")}`;
  }

  private run(name: string, module: FoundModule): void {
    const { state, stack, trace, failures } = this.options;
    loadChunk(state, trace, failures, module.file);
    state.pushText(name);
    state.pushText(module.file.name);
    state.c.lua_callk(state.thread, 2, 1, 0, 0);
    if (stack.type(stack.at(-1)) !== luaType.nil) return;
    state.c.lua_settop(state.thread, -2);
    state.c.lua_pushboolean(state.thread, 1);
  }
}

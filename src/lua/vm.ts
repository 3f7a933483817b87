import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Binding } from "./bind.ts";
import { BoundFunction, type CallbackHost } from "./bound-function.ts";
import type { LuaFunction } from "./callback.ts";
import { loadChunk } from "./chunk.ts";
import { Failures, overflowError } from "./failure.ts";
import type { FunctionDescriptor } from "./function.ts";
import { guardFunctions } from "./guard.ts";
import type { HandleType } from "./handle.ts";
import { installFunctions } from "./install.ts";
import { luaType, Mismatch } from "./kind.ts";
import { Halt, Limit, type ScriptClock, type VmLimits } from "./limit.ts";
import { LuaStack } from "./lua-stack.ts";
import { Metatables } from "./metatable.ts";
import type { ModuleSource } from "./module.ts";
import type { CallPosition, ScriptFile } from "./position.ts";
import { pushValue } from "./push.ts";
import { Require } from "./require.ts";
import { sandboxFunctions } from "./sandbox.ts";
import { fillSandbox, registerFirst, setGlobal } from "./sandbox-tables.ts";
import { LuaState } from "./state.ts";
import { Trace, toCallers, toPosition } from "./trace.ts";
import type { LastWords } from "./watchdog.ts";

export interface VmOptions<Session> {
  readonly functions: readonly FunctionDescriptor<Session>[];
  readonly handles: readonly HandleType<unknown>[];
  readonly session: Session;
  readonly limits: VmLimits;
  /** Lua's code, when `compileLua` was called in time. */
  readonly module?: WebAssembly.Module | undefined;
  readonly modules: ModuleSource;
  /** Answers `os.getenv`. */
  readonly environment: (name: string) => string | undefined;
  /** Takes the lines of `print`, without line ends. */
  readonly print: (line: string) => void;
  /** Milliseconds since the epoch for `os.time` and `os.date`; the real time unless given. */
  readonly now?: () => number;
  /**
   * What is said when only the end of the process can stop the script at its time cap, within C code such as a pattern.
   * Without it such a script runs on.
   */
  readonly lastWords?: LastWords;
}

export interface Vm {
  /** Runs a script; throws one `LuakitError`. `path` tells `require` which file it is. */
  run(script: ScriptFile, path?: string): void;
  readonly clock: ScriptClock;
  /** Whether a limit, or `close`, has ended it: nothing can be run any more. */
  readonly isOver: boolean;
  /** A function of one of Lua's own libraries: `string`, `find`. */
  library(name: string, member: string): LuaFunction;
  close(): void;
}

/** Opens a Lua VM with the API as its globals. Functions that it handed out live until `close`. */
export function openVm<Session>(options: VmOptions<Session>): Vm {
  return new ScriptVm(options);
}

const statusOutOfMemory = 4;

class ScriptVm<Session> implements Vm {
  private readonly limit: Limit;
  private readonly state: LuaState;
  private readonly stack: LuaStack;
  private readonly trace: Trace;
  private readonly failures: Failures;
  private readonly require: Require;
  private readonly binding: Binding<Session>;
  private readonly messageHandler: number;
  /** Where the last error was raised, and where memory ran out: no message handler runs then. */
  private raised: CallPosition | undefined;
  private hungry: CallPosition | undefined;
  /** Why this VM can run nothing any more. */
  private ended: LuakitError | undefined;

  constructor(options: VmOptions<Session>) {
    this.limit = new Limit(options.limits, options.lastWords);
    this.state = new LuaState({
      module: options.module,
      limit: this.limit,
      now: options.now ?? Date.now,
      halt: (halt) => this.place(halt),
      starving: () => {
        this.hungry = this.trace.position();
      },
      pushError: (error, name) => this.pushError(error, name),
    });
    if (!this.state.isPrepared) fillSandbox(this.state);
    this.trace = new Trace(this.state);
    this.failures = new Failures(this.trace);
    const host = this.callbackHost();
    this.stack = new LuaStack(this.state, this.limit, (reference) => new BoundFunction(host, reference));
    const metatables = new Metatables(options.handles, options.functions);
    const { state, stack, trace, failures } = this;
    const metatableOf = (type: HandleType<unknown>) => metatables.of(type, this.binding);
    this.binding = { state, stack, metatableOf, session: options.session, trace };
    this.require = new Require({ state, stack, trace, failures, modules: options.modules });
    registerFirst(state, {
      ...sandboxFunctions({ state, stack, environment: options.environment, print: options.print }),
      ...guardFunctions(state, stack, this.limit),
    });
    this.install(options);
    this.messageHandler = state.register(() => this.handleMessage());
  }

  private install(options: VmOptions<Session>): void {
    const { c, thread } = this.state;
    installFunctions(this.binding, options.functions);
    this.state.pushFunction(() => this.require.call(), "require");
    setGlobal(this.state, "require");
    if (options.functions.some((descriptor) => descriptor.name.startsWith("json."))) {
      c.lua_getglobal(thread, this.state.name("json"));
      c.lua_pushlightuserdata(thread, 0);
      c.lua_setfield(thread, -2, this.state.name("null"));
    }
    c.lua_settop(thread, 0);
  }

  run(script: ScriptFile, path = script.name): void {
    this.within(() =>
      this.require.within(path, () => {
        loadChunk(this.state, this.trace, this.failures, script);
        this.protectedCall(0, 0);
      }),
    );
  }

  get clock(): ScriptClock {
    return this.limit;
  }

  get isOver(): boolean {
    return this.ended !== undefined;
  }

  library(name: string, member: string): LuaFunction {
    const { c, thread } = this.state;
    c.luaL_checkstack(thread, 4, 0);
    c.lua_getglobal(thread, this.state.name(name));
    c.lua_getfield(thread, -1, this.state.name(member));
    const found = this.stack.callback(this.stack.at(-1));
    this.stack.pop(2);
    return found;
  }

  close(): void {
    this.limit.close();
    this.ended ??= new LuakitError("script.runtime", "the script is over");
  }

  private callbackHost(): CallbackHost {
    return {
      state: this.state,
      trace: this.trace,
      push: (value) => pushValue(this.binding, value),
      read: (kind, index) => kind.read(this.stack, this.stack.at(index)),
      // Within the script its errors pass through us as they pass through C.
      call: (args, results) => {
        if (this.state.depth > 0) this.state.c.lua_callk(this.state.thread, args, results, 0, 0);
        else this.protectedCall(args, results);
      },
      attempt: (args) => this.attempt(args),
      within: (body) => (this.state.depth > 0 ? body() : this.within(body)),
    };
  }

  /** Runs `body` on the script's time, and turns what ends the script for good into its error. */
  private within<T>(body: () => T): T {
    if (this.ended !== undefined) throw this.ended;
    this.limit.enter();
    try {
      return body();
    } catch (error) {
      if (error instanceof Mismatch) throw new LuakitError(error.code, error.text(), { hint: error.hint });
      if (error instanceof LuakitError) throw error;
      this.ended = endOf(error);
      throw this.ended;
    } finally {
      this.limit.leave();
    }
  }

  private attempt(args: number): LuakitError | undefined {
    try {
      this.protectedCall(args, 0);
      return undefined;
    } catch (error) {
      if (error instanceof LuakitError) return error;
      throw error;
    }
  }

  /** Calls the function below its arguments on the stack. Throws the `LuakitError` for what Lua raised. */
  private protectedCall(args: number, results: number): void {
    const { c, thread } = this.state;
    const base = c.lua_gettop(thread) - args;
    this.state.pushRegistered(this.messageHandler);
    c.lua_rotate(thread, base, 1);
    this.raised = undefined;
    const status = c.lua_pcallk(thread, args, results, base, 0, 0);
    c.lua_rotate(thread, base, -1);
    c.lua_settop(thread, -2);
    if (status === 0) return;
    const text = this.stack.type(this.stack.at(-1)) === luaType.string ? this.state.lossyText(-1) : "";
    c.lua_settop(thread, base - 1);
    throw status === statusOutOfMemory ? this.starved() : this.failures.fromText(text, this.raised);
  }

  private starved(): LuakitError {
    const error = this.limit.memoryError();
    const { hungry } = this;
    return hungry === undefined ? error : error.at(toPosition(hungry), toCallers(hungry));
  }

  /** Lua's message handler: notes where the error was raised and makes text of it. */
  private handleMessage(): number {
    const { state, stack } = this;
    this.raised = this.trace.position();
    if (stack.type(stack.at(1)) === luaType.string) return 1;
    if (state.c.luaL_callmeta(state.thread, 1, state.name("__tostring")) !== 0) return 1;
    state.pushText(
      `the script raised ${stack.type(stack.at(1)) === luaType.nil ? "nil" : stack.show(stack.at(1))} as its error`,
    );
    return 1;
  }

  private pushError(thrown: unknown, name: string | undefined): void {
    const error = this.failures.locate(thrown, name);
    if (error !== undefined) this.state.pushText(this.failures.toText(error));
    else if (isStackOverflow(thrown)) throw this.place(new Halt(overflowError(undefined)));
    else if (isOutOfMemory(thrown)) throw this.place(new Halt(this.limit.memoryError()));
    else throw thrown;
  }

  private place(halt: Halt): Halt {
    const position = this.trace.position();
    return position === undefined ? halt : new Halt(halt.error.at(toPosition(position), toCallers(position)));
  }
}

/** What a script cannot catch: its limits, the machine's stack, and bugs of ours. */
function endOf(thrown: unknown): LuakitError {
  if (thrown instanceof Halt) return thrown.error;
  if (isStackOverflow(thrown)) return overflowError(undefined);
  throw thrown;
}

/** JavaScript has no texts above 2 GiB. */
function isOutOfMemory(thrown: unknown): boolean {
  return thrown instanceof RangeError && /out of memory|invalid string length/i.test(thrown.message);
}

function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.includes("call stack");
}

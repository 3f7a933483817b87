import type { FunctionDescriptor } from "./function.ts";
import type { HandleType } from "./handle.ts";
import type { ModuleSource } from "./module.ts";
import type { ScriptFile } from "./position.ts";

export interface VmLimits {
  /** Bytes of Lua heap and of what its API calls keep. */
  readonly memory: number;
  /** Milliseconds for `run` and the callbacks after it, together. */
  readonly time: number;
}

export interface VmOptions<Session> {
  readonly functions: readonly FunctionDescriptor<Session>[];
  readonly handles: readonly HandleType<unknown>[];
  readonly session: Session;
  readonly limits: VmLimits;
  readonly modules: ModuleSource;
  /** Answers `os.getenv`. */
  readonly environment: (name: string) => string | undefined;
  /** Takes the lines of `print`; without line end. */
  readonly print: (line: string) => void;
  /** Milliseconds since the epoch for `os.time` and `os.date`. */
  readonly now?: () => number;
}

export interface Vm {
  /** Runs a script; throws one `LuakitError`. */
  run(script: ScriptFile): void;
  close(): void;
}

export declare function openVm<Session>(options: VmOptions<Session>): Vm;

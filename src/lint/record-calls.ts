import type { ApiFunction } from "../api/define.ts";
import { filesHandle, mountHandle, stateHandle } from "../api/handles.ts";
import type { Location } from "../llb/location.ts";
import type { Mount } from "../llb/mount.ts";
import type { State } from "../llb/state.ts";

/** One call of the Lua API that a script made. */
export interface ApiCall {
  /** `bk.image`, `state:run`. */
  readonly name: string;
  /** The State whose method it is. */
  readonly self: State | undefined;
  readonly args: readonly unknown[];
  /** The State that it gave. */
  readonly state: State | undefined;
  /** The Mount that it gave. */
  readonly mount: Mount | undefined;
  /** It adds to the file operations that a callback collects. */
  readonly collects: boolean;
  readonly location: Location | undefined;
}

/** The same functions, which leave what they were called with in `calls`, in the order in which they end. */
export function recordCalls(functions: readonly ApiFunction[], calls: ApiCall[]): readonly ApiFunction[] {
  return functions.map((descriptor) => {
    const { name, self: selfType, returns } = descriptor;
    return {
      ...descriptor,
      run: (call, args) => {
        const result = descriptor.run(call, args);
        calls.push({
          name,
          self: selfType === stateHandle ? (call.self as State) : undefined,
          args,
          state: returns?.handle === stateHandle ? (result as State) : undefined,
          mount: returns?.handle === mountHandle ? (result as Mount) : undefined,
          collects: selfType === filesHandle,
          location: call.position(),
        });
        return result;
      },
    };
  });
}

/** The options of a call: its last argument, when that is a table of them. */
export function optionsOf({ args }: ApiCall): Readonly<Record<string, unknown>> {
  const last = args.at(-1);
  return isOptions(last) ? last : {};
}

function isOptions(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** An argument that is text. */
export function textOf({ args }: ApiCall, index: number): string | undefined {
  const value = args[index];
  return typeof value === "string" ? value : undefined;
}

/** Whether a value is a table of variables, as the options `env` are. */
export function isVariables(value: unknown): value is ReadonlyMap<string, string> {
  return value instanceof Map;
}

import type { Replacement } from "../api/replacement.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { State } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";
import type { ClientInputs } from "./client-inputs.ts";
import { type FileRoot, localRoot } from "./file-root.ts";
import type { RawOptions } from "./option-value.ts";

/** Where the files of a build come from. */
export interface MainContext {
  /** Takes the place of the client's directory `context`. */
  readonly replacement: Replacement | undefined;
  /** The files of the context. */
  readonly root: FileRoot;
  /** What the daemon fetches for it, as a single source; absent for directories and inputs. */
  readonly origin?: State;
  /** The ignore file of the context counts, as it is a directory of the client. */
  readonly isLocal: boolean;
  /** Where the script is looked for, in this order; only a directory that is not there leads on to the next. */
  readonly scriptRoots: readonly FileRoot[];
  /** The script's path, when the context itself says so. */
  readonly filename?: string | undefined;
}

export interface MainContextOptions {
  readonly options: RawOptions;
  readonly platform: Platform;
  /** The script's path. */
  readonly filename: string;
  readonly inputs: () => Promise<ClientInputs>;
}

/** The context of a client that sends directories, as most do; undefined for one that names another place. */
export function likelyContext(gateway: Gateway, given: MainContextOptions): MainContext | undefined {
  return urlOf(given) === "" ? localMain(gateway, given) : undefined;
}

/** What the client calls the context; "" for one that sends directories. */
export function urlOf({ options }: MainContextOptions): string {
  return options.get(options.get("contextkey") ?? "context") ?? "";
}

/** The client's directory of a name, in the session that the client says has it. */
export function clientRoot(gateway: Gateway, name: string, { options, platform }: MainContextOptions): FileRoot {
  return localRoot(gateway, name, { platform, sessionId: sessionOf(options, name) });
}

/** The session that has a directory, when the client names another than its own. */
export function sessionOf(options: RawOptions, name: string): string | undefined {
  return options.get(`local-sessionid:${name}`) || undefined;
}

/** The context of a client that sends directories. */
export function localMain(gateway: Gateway, given: MainContextOptions): MainContext {
  const { options, filename } = given;
  const sessionId = sessionOf(options, "context");
  const context = clientRoot(gateway, "context", given);
  const forced = options.get("dockerfilekey");
  const names = forced === undefined ? ["dockerfile", "context", filename.replace(/^.*\//, "")] : [forced];
  return {
    // Who only names another session for the directory says nothing else about it.
    replacement: sessionId === undefined ? undefined : { type: "local", name: "context", exclude: [], sessionId },
    root: context,
    isLocal: true,
    scriptRoots: names.map((name) => (name === "context" ? context : clientRoot(gateway, name, given))),
  };
}

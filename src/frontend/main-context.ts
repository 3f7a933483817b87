import type { Replacement } from "../api/replacement.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { copyAction } from "../llb/action-copy.ts";
import { fileOp } from "../llb/file.ts";
import type { Context } from "../llb/location.ts";
import type { GitOptions } from "../llb/source-git.ts";
import { type State, scratch } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";
import { gitContext, isGitContext } from "../script/git-context.ts";
import { downloadName } from "../script/source-context.ts";
import type { ClientInputs } from "./client-inputs.ts";
import { type FileRoot, localRoot, stateRoot } from "./file-root.ts";
import { isHttpContext, readHttpContext } from "./http-context.ts";
import { booleanOption, type RawOptions } from "./option-value.ts";

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
  const url = urlOf(given);
  return isGitContext(url) || isHttpContext(url) ? undefined : localMain(gateway, given);
}

/**
 * Finds the context of a build among the client's options and inputs, as the Dockerfile frontend does. It is `likely`
 * itself where that was right.
 */
export async function findMainContext(
  gateway: Gateway,
  given: MainContextOptions,
  likely: MainContext | undefined,
): Promise<MainContext> {
  const url = urlOf(given);
  if (isGitContext(url)) return gitMain(gateway, url, given);
  if (isHttpContext(url)) return httpMain(gateway, url, given);
  const inputs = await given.inputs();
  if (inputs.has("context") || inputs.has("dockerfile")) return inputMain(gateway, inputs, given);
  return likely ?? localMain(gateway, given);
}

function urlOf({ options }: MainContextOptions): string {
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

async function gitMain(gateway: Gateway, url: string, given: MainContextOptions): Promise<MainContext> {
  const options = await gitOptions(gateway, given);
  const make = (context: Context) => gitContext(url, options, context);
  return { ...remoteMain(gateway, given, { title: url, make }), origin: make({}) };
}

async function gitOptions(gateway: Gateway, { options }: MainContextOptions): Promise<GitOptions> {
  const keepGitDir = booleanOption(options, "build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR") || undefined;
  if ((options.get("build-arg:SOURCE_DATE_EPOCH") ?? "") === "") return { keepGitDir };
  const { llbCaps } = await gateway.ping();
  return llbCaps?.has("source.git.mtime") ? { keepGitDir, mtime: "commit" } : { keepGitDir };
}

async function httpMain(gateway: Gateway, url: string, given: MainContextOptions): Promise<MainContext> {
  const { isArchive, make, download } = await readHttpContext(gateway, url, given.platform);
  const main = remoteMain(gateway, given, { title: url, make });
  return { ...main, origin: download, filename: isArchive ? undefined : downloadName };
}

interface Remote {
  readonly title: string;
  readonly make: (context: Context) => State;
}

function remoteMain(gateway: Gateway, given: MainContextOptions, { title, make }: Remote): MainContext {
  const { options, platform } = given;
  const whole = stateRoot(gateway, make({}), { platform, title });
  const forced = options.get("dockerfilekey");
  return {
    ...scoped(whole, make, options),
    isLocal: false,
    scriptRoots: [forced === undefined ? whole : clientRoot(gateway, forced, given)],
  };
}

// The script's path is one in the whole of the context, whatever part of it counts.
function scoped(
  whole: FileRoot,
  make: (context: Context) => State,
  options: RawOptions,
): Pick<MainContext, "replacement" | "root"> {
  const directory = (options.get("contextsubdir") ?? "").replace(/^\/+|\/+$/g, "");
  if (directory === "") return { root: whole, replacement: { type: "state", make: (_, context) => make(context) } };
  const part = (context: Context) =>
    fileOp(scratch, copyAction(make(context), `/${directory}`, "/", { allowWildcard: false }), context);
  return { root: { ...whole, directory }, replacement: { type: "state", make: (_, context) => part(context) } };
}

function inputMain(gateway: Gateway, inputs: ClientInputs, given: MainContextOptions): MainContext {
  const { options, platform } = given;
  const make = (name: string) => (context: Context) => inputs.state(name, undefined, context);
  const rootOf = (name: string) => stateRoot(gateway, make(name)({}), { platform, title: `the input "${name}"` });
  const context = inputs.has("context") ? rootOf("context") : undefined;
  const forced = options.get("dockerfilekey");
  const locals = clientRoot(gateway, forced ?? "dockerfile", given);
  const script = forced === undefined && inputs.has("dockerfile") ? rootOf("dockerfile") : locals;
  if (context === undefined) return { ...localMain(gateway, given), scriptRoots: [script] };
  const scriptRoots = forced === undefined ? [script, context] : [script];
  return { ...scoped(context, make("context"), options), isLocal: false, scriptRoots };
}

function localMain(gateway: Gateway, given: MainContextOptions): MainContext {
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

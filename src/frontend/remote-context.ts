import type { Gateway } from "../gateway/gateway.ts";
import { copyAction } from "../llb/action-copy.ts";
import { fileOp } from "../llb/file.ts";
import type { Context } from "../llb/location.ts";
import type { GitOptions } from "../llb/source-git.ts";
import { type State, scratch } from "../llb/state.ts";
import { gitContext, isGitContext } from "../script/git-context.ts";
import { downloadName } from "../script/source-context.ts";
import { clientRoot, localMain, type MainContext, type MainContextOptions } from "./client-context.ts";
import type { ClientInputs } from "./client-inputs.ts";
import { type FileRoot, stateRoot } from "./file-root.ts";
import { isHttpContext, readHttpContext } from "./http-context.ts";
import { booleanOption, type RawOptions } from "./option-value.ts";

/** The context that a URL names; undefined when it is none of a place that the daemon fetches from. */
export function remoteContext(
  gateway: Gateway,
  url: string,
  given: MainContextOptions,
): Promise<MainContext> | undefined {
  if (isGitContext(url)) return gitMain(gateway, url, given);
  return isHttpContext(url) ? httpMain(gateway, url, given) : undefined;
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

/** The context of a client that gives it as an input. */
export function inputContext(gateway: Gateway, inputs: ClientInputs, given: MainContextOptions): MainContext {
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

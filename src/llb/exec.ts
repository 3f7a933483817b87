import { type Platform, validatePlatform } from "../oci/platform.ts";
import { setEnv } from "./environment.ts";
import { type Device, deviceOf, type Ulimit, ulimitOf } from "./exec-limit.ts";
import { checkInteger, checkText, invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { metadataOf } from "./metadata.ts";
import { type Mount, tmpfsMount } from "./mount.ts";
import { compareBytes } from "./order.ts";
import { cleanPath } from "./path.ts";
import type { ProxyEnv } from "./proxy-env.ts";
import type { NetworkMode, SecurityMode, State } from "./state.ts";
import * as states from "./state.ts";
import type { Output, Vertex } from "./vertex.ts";

/** A secret in the environment of a step. */
export interface SecretEnv {
  readonly name: string;
  readonly id: string;
  readonly optional: boolean;
}

/** A command in a container. */
export interface ExecOp {
  readonly type: "exec";
  readonly args: readonly string[];
  /** Environment, working directory, user and the like of this step, still on top of the base image's config. */
  readonly state: State;
  readonly readonlyRoot: boolean;
  /** Besides the root, in the order given. */
  readonly mounts: readonly Mount[];
  readonly secretsEnv: readonly SecretEnv[];
  readonly validExitCodes: readonly number[];
  readonly ulimits: readonly Ulimit[];
  readonly cgroupParent: string;
  readonly devices: readonly Device[];
  readonly proxy?: ProxyEnv | undefined;
}

export interface RunOptions {
  readonly cwd?: string | undefined;
  readonly user?: string | undefined;
  readonly env?: ReadonlyMap<string, string> | undefined;
  readonly network?: NetworkMode | undefined;
  readonly security?: SecurityMode | undefined;
  readonly mounts?: readonly Mount[] | undefined;
  readonly hostname?: string | undefined;
  /** Exactly these are a success; parseExitCodes reads "0..10". */
  readonly validExitCodes?: readonly number[] | undefined;
  /** Variable to secret. */
  readonly secretsEnv?:
    | ReadonlyMap<string, { readonly id: string; readonly optional?: boolean | undefined }>
    | undefined;
  /** Name to IP address. */
  readonly hosts?: ReadonlyMap<string, string> | undefined;
  readonly ulimits?: readonly Ulimit[] | undefined;
  readonly cgroupParent?: string | undefined;
  /** Bytes of /dev/shm. */
  readonly shmSize?: number | undefined;
  /** CDI devices. */
  readonly devices?: readonly { readonly name: string; readonly optional?: boolean | undefined }[] | undefined;
  readonly readonlyRoot?: boolean | undefined;
  readonly shell?: readonly string[] | undefined;
  readonly noCache?: boolean | undefined;
  /** What progress shows instead of the command. */
  readonly name?: string | undefined;
  /** The progress group. */
  readonly group?: string | undefined;
  readonly platform?: Platform | undefined;
}

const defaultShell: readonly string[] = ["/bin/sh", "-c"];
const none: readonly never[] = [];

/** Runs a command. Text runs under the shell, a list as it is. The options hold for this step only. */
export function run(state: State, command: string | readonly string[], options: RunOptions, context: Context): State {
  const settings = settingsOf(state, options);
  const readonlyRoot = options.readonlyRoot ?? false;
  if (readonlyRoot && state.output === undefined) {
    throw invalid("readonly_root: scratch has nothing that could run", "start from an image");
  }
  const op: ExecOp = {
    type: "exec",
    args: argsOf(command, settings.shell ?? defaultShell),
    state: settings,
    readonlyRoot,
    mounts: mountsOf(options),
    secretsEnv: secretsOf(options.secretsEnv),
    validExitCodes: exitCodesOf(options.validExitCodes),
    ulimits: options.ulimits?.map(ulimitOf) ?? none,
    cgroupParent: cgroupOf(options.cgroupParent),
    devices: options.devices?.map(deviceOf) ?? none,
    proxy: undefined,
  };
  const vertex: Vertex = {
    op,
    inputs: inputsOf(state.output, op.mounts),
    platform: settings.platform,
    metadata: metadataOf(context.noCache ? { ...options, noCache: true } : options),
    location: context.location,
  };
  const output = readonlyRoot ? state.output : { vertex, index: 0 };
  const platform = options.platform === undefined ? state.platform : settings.platform;
  return { ...state, output, platform, exec: vertex };
}

/** The state of what a step left at `dest`. Only a writable bind mount has one; a read-only one is what it was. */
export function mountOutput(state: State, dest: string): State {
  const vertex = state.exec;
  if (vertex === undefined || vertex.op.type !== "exec") {
    throw invalid("only the state that a run gave has mounts", "local after = base:run(...); after:mount(dest)");
  }
  const wanted = cleanPath(dest);
  if (wanted === "/") return state;
  const index = vertex.op.mounts.findIndex((mount) => mount.dest !== undefined && cleanPath(mount.dest) === wanted);
  const mount = vertex.op.mounts[index];
  if (mount === undefined) throw invalid(`the step has no mount at "${dest}"`);
  if (mount.type !== "bind") throw invalid(`a ${mount.type} mount has no output`, "use bk.bind with readonly = false");
  if (mount.readonly) return mount.source;
  return states.withOutput(mount.source, { vertex, index: index + 1 });
}

function settingsOf(state: State, options: RunOptions): State {
  let settings = state;
  const { env, cwd } = options;
  if (env !== undefined || cwd !== undefined) {
    const changed = env === undefined ? state.env : setEnv(state.env, env);
    settings = { ...state, env: changed, dir: cwd === undefined ? state.dir : states.dirBelow(state.dir, cwd) };
  }
  if (options.user !== undefined) settings = states.withUser(settings, options.user);
  if (options.shell !== undefined) settings = states.withShell(settings, options.shell);
  if (options.network !== undefined) settings = states.withNetwork(settings, options.network);
  if (options.security !== undefined) settings = states.withSecurity(settings, options.security);
  if (options.hostname !== undefined) settings = states.withHostname(settings, options.hostname);
  if (options.hosts !== undefined) settings = states.withHosts(settings, options.hosts);
  if (options.platform !== undefined) settings = { ...settings, platform: validatePlatform(options.platform) };
  return settings;
}

function argsOf(command: string | readonly string[], shell: readonly string[]): readonly string[] {
  if (typeof command === "string" && command !== "" && shell === defaultShell) {
    checkText("the command", command);
    return ["/bin/sh", "-c", command];
  }
  const args = typeof command === "string" ? [...shell, command] : command;
  if (args.length === 0) throw invalid("the command is empty");
  if (args[0] === "") throw invalid("the command has no program");
  if (command === "") throw invalid("the command is empty");
  for (const arg of args) checkText("the command", arg);
  return args;
}

function mountsOf(options: RunOptions): readonly Mount[] {
  if (options.mounts === undefined && options.shmSize === undefined) return none;
  const mounts: Mount[] = [...(options.mounts ?? none)];
  if (options.shmSize !== undefined) mounts.push(tmpfsMount("/dev/shm", { size: options.shmSize }));
  const seen = new Set<string>();
  for (const { dest } of mounts) {
    if (dest === undefined) continue;
    const key = cleanPath(dest);
    if (seen.has(key)) throw invalid(`mounts: two mounts at "${dest}"`);
    seen.add(key);
  }
  return mounts;
}

// The graph is walked in the order of the destinations, of which the root is the first.
function inputsOf(root: Output | undefined, mounts: readonly Mount[]): readonly Output[] {
  const inputs = root === undefined ? [] : [root];
  if (mounts.length === 0) return inputs;
  // Most mounts are none of another state's files, so that there is nothing to order.
  if (!mounts.some((mount) => (mount.type === "bind" || mount.type === "cache") && mount.source.output !== undefined)) {
    return inputs;
  }
  const sorted = [...mounts].sort((left, right) => compareBytes(left.dest ?? "", right.dest ?? ""));
  for (const mount of sorted) {
    if ((mount.type === "bind" || mount.type === "cache") && mount.source.output !== undefined) {
      inputs.push(mount.source.output);
    }
  }
  return inputs;
}

function secretsOf(secrets: RunOptions["secretsEnv"]): readonly SecretEnv[] {
  if (secrets === undefined) return none;
  return [...secrets].map(([name, { id, optional }]) => {
    if (name === "" || name.includes("=")) throw invalid(`secrets_env: "${name}" is no name of a variable`);
    if (id === "") throw invalid(`secrets_env: the id of the secret for ${name} is empty`);
    checkText("secrets_env", name);
    checkText("secrets_env", id);
    return { name, id, optional: optional ?? false };
  });
}

function exitCodesOf(codes: readonly number[] | undefined): readonly number[] {
  if (codes === undefined) return none;
  if (codes.length === 0) throw invalid("valid_exit_codes: the list is empty");
  for (const code of codes) checkInteger("valid_exit_codes", code, 0, 255);
  return codes;
}

/** The exit codes of "3" or "0..10". */
export function parseExitCodes(text: string): readonly number[] {
  const [, first, last = first] = /^(\d{1,3})(?:\.\.(\d{1,3}))?$/.exec(text) ?? [];
  if (first === undefined || Number(last) < Number(first)) {
    throw invalid(`valid_exit_codes: expected a range, got "${text}"`, 'write "0..10"');
  }
  return exitCodesOf(Array.from({ length: Number(last) - Number(first) + 1 }, (_, step) => Number(first) + step));
}

function cgroupOf(parent: string | undefined): string {
  if (parent !== undefined) checkText("cgroup_parent", parent);
  return parent ?? "";
}

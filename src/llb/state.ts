import { type Platform, validatePlatform } from "../oci/platform.ts";
import type { EnvChange, EnvOptions } from "./environment.ts";
import { setEnv } from "./environment.ts";
import { type Host, hostsOf } from "./host.ts";
import { checkText, invalid } from "./invalid.ts";
import { type MetadataOptions, mergeMetadata, metadataOf } from "./metadata.ts";
import { isAbsolute, resolvePath } from "./path.ts";
import type { Output, Vertex } from "./vertex.ts";

export type NetworkMode = "sandbox" | "host" | "none";
export type SecurityMode = "sandbox" | "insecure";

/** A file tree and the settings of steps that run in it. Every change gives a new State. */
export interface State {
  /** Absent: the empty tree. */
  readonly output?: Output | undefined;
  /** The image source whose config starts env, working directory and user. */
  readonly base?: Vertex | undefined;
  /** The step that gave this state, when it was the last thing done: its mounts can be asked for. */
  readonly exec?: Vertex | undefined;
  readonly env?: EnvChange | undefined;
  /** Absolute, or relative to the working directory of the base image. */
  readonly dir?: string | undefined;
  readonly user?: string | undefined;
  readonly shell?: readonly string[] | undefined;
  readonly hostname?: string | undefined;
  readonly network?: NetworkMode | undefined;
  readonly security?: SecurityMode | undefined;
  readonly hosts?: readonly Host[] | undefined;
  readonly platform?: Platform | undefined;
}

/** The empty state: no op at all. All states are made of it, and so have one shape. */
export const scratch: State = {
  output: undefined,
  base: undefined,
  exec: undefined,
  env: undefined,
  dir: undefined,
  user: undefined,
  shell: undefined,
  hostname: undefined,
  network: undefined,
  security: undefined,
  hosts: undefined,
  platform: undefined,
};

/** The state after an op on it: the settings stay, the tree is `output`. */
export function withOutput(state: State, output: Output, exec?: Vertex): State {
  return { ...state, output, exec };
}

/** Sets variables, in the map's order. */
export function withEnv(state: State, variables: ReadonlyMap<string, string>, options: EnvOptions = {}): State {
  return { ...state, env: setEnv(state.env, variables, options) };
}

/** Sets the working directory; a relative one is below the present one. */
export function withDir(state: State, dir: string): State {
  return { ...state, dir: dirBelow(state.dir, dir) };
}

/** The working directory `dir` of a state whose own is `above`. */
export function dirBelow(above: string | undefined, dir: string): string {
  if (dir === "") throw invalid("the working directory is empty");
  checkText("the working directory", dir);
  if (isAbsolute(dir) || above === undefined) return dir;
  return isAbsolute(above) ? resolvePath(above, dir) : `${above}/${dir}`;
}

/** `name`, `uid`, `name:group` or `uid:gid`; "" is root. */
export function withUser(state: State, user: string): State {
  checkText("the user", user);
  return { ...state, user };
}

/** What a command given as text runs under: `{"/bin/bash", "-c"}`. */
export function withShell(state: State, shell: readonly string[]): State {
  if (shell.length === 0) throw invalid("the shell is empty", 'write {"/bin/sh", "-c"}');
  for (const part of shell) checkText("the shell", part);
  return { ...state, shell };
}

/** Sets the host name that steps see. */
export function withHostname(state: State, hostname: string): State {
  checkText("the host name", hostname);
  return { ...state, hostname };
}

/** Sets the network of steps. */
export function withNetwork(state: State, network: NetworkMode): State {
  return { ...state, network };
}

/** Sets the security mode of steps; `insecure` needs the entitlement `security.insecure`. */
export function withSecurity(state: State, security: SecurityMode): State {
  return { ...state, security };
}

/** Adds lines to /etc/hosts of steps: name to IP address. */
export function withHosts(state: State, hosts: ReadonlyMap<string, string>): State {
  return { ...state, hosts: [...(state.hosts ?? []), ...hostsOf(hosts)] };
}

/** The platform of the steps that follow. */
export function forPlatform(state: State, platform: Platform): State {
  return { ...state, platform: validatePlatform(platform) };
}

/** Says something about the op that made the state. Scratch has no op, so it stays as it is. */
export function withMetadata(state: State, options: MetadataOptions): State {
  const metadata = metadataOf(options);
  if (state.output === undefined || metadata === undefined) return state;
  const before = state.exec ?? state.output.vertex;
  const after: Vertex = { ...before, metadata: mergeMetadata(before.metadata, metadata) };
  return {
    ...state,
    output: state.output.vertex === before ? { vertex: after, index: state.output.index } : state.output,
    base: state.base === before ? after : state.base,
    exec: state.exec === undefined ? undefined : after,
  };
}

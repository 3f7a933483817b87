import type { ExecOp } from "./exec.ts";
import type { Ulimit } from "./exec-limit.ts";
import type { Host } from "./host.ts";
import { type Mount, tmpfsMount } from "./mount.ts";
import { resolvePath } from "./path.ts";
import type { ProxyEnv } from "./proxy-env.ts";
import type { Runtime } from "./runtime.ts";
import type { NetworkMode } from "./state.ts";

/** What the steps of a build get that do not say it themselves. */
export interface StepDefaults {
  readonly hosts?: readonly Host[] | undefined;
  readonly hostname?: string | undefined;
  readonly network?: NetworkMode | undefined;
  readonly ulimits?: readonly Ulimit[] | undefined;
  readonly cgroupParent?: string | undefined;
  /** Bytes of /dev/shm. */
  readonly shmSize?: number | undefined;
  /** What the ids of cache mounts start with, and a slash. */
  readonly cacheNamespace?: string | undefined;
  readonly proxy?: ProxyEnv | undefined;
  /** A pb.LinuxResources: limits of the step's cgroup, which are no part of its digest. */
  readonly resources?: Uint8Array | undefined;
}

/** What a daemon must support for `resources`. */
export const resourcesCap = "exec.meta.linux.resources";

/** The step with what it does not say itself. Of hosts and limits each name counts for itself. */
export function withDefaults(op: ExecOp, defaults: StepDefaults, runtime: Runtime): ExecOp {
  const { state } = op;
  return {
    ...op,
    state: {
      ...state,
      hosts: joinNamed(state.hosts, defaults.hosts),
      hostname: state.hostname ?? defaults.hostname,
      network: state.network ?? defaults.network,
    },
    ulimits: joinNamed(op.ulimits, defaults.ulimits),
    cgroupParent: op.cgroupParent || (defaults.cgroupParent ?? ""),
    proxy: defaults.proxy,
    mounts: mountsOf(op, defaults, runtime.dir(state)),
  };
}

function joinNamed<T extends { readonly name: string }>(own: readonly T[] = [], defaults: readonly T[] = []) {
  if (defaults.length === 0) return own;
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...defaults.filter(({ name }) => !names.has(name))];
}

// The numbers of a step's outputs go by the place of its mounts, so a new one comes last.
function mountsOf({ mounts }: ExecOp, { shmSize, cacheNamespace }: StepDefaults, cwd: string): readonly Mount[] {
  const own = cacheNamespace === undefined ? mounts : mounts.map((mount) => inNamespace(mount, cacheNamespace));
  const isThere = own.some(({ dest }) => dest !== undefined && resolvePath(cwd, dest) === sharedMemory);
  return shmSize === undefined || isThere ? own : [...own, tmpfsMount(sharedMemory, { size: shmSize })];
}

function inNamespace(mount: Mount, namespace: string): Mount {
  return mount.type === "cache" ? { ...mount, id: `${namespace}/${mount.id}` } : mount;
}

const sharedMemory = "/dev/shm";

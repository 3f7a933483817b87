import { resolveEnv } from "./environment.ts";
import { resolvePath } from "./path.ts";
import type { State } from "./state.ts";
import type { Vertex } from "./vertex.ts";

/** What an image says about the processes that start in it. */
export interface RuntimeConfig {
  /** `NAME=value`, in the image's order. */
  readonly env: readonly string[];
  /** "" is the root. */
  readonly workingDir: string;
  /** "" is root. */
  readonly user: string;
}

/** Tells the config of an image source; undefined when it is not known. */
export type ConfigOf = (image: Vertex) => RuntimeConfig | undefined;

/** The settings of states on top of their base images' configs. */
export interface Runtime {
  /** `NAME=value` */
  env(state: State): readonly string[];
  /** Absolute. */
  dir(state: State): string;
  user(state: State): string;
}

const noEnv: readonly string[] = [];

/** Asks for each image's config once. */
export function runtimeOf(configOf: ConfigOf | undefined): Runtime {
  const configs = new Map<Vertex, RuntimeConfig | undefined>();
  const config = ({ base }: State): RuntimeConfig | undefined => {
    if (base === undefined || configOf === undefined) return undefined;
    const known = configs.get(base);
    if (known !== undefined || configs.has(base)) return known;
    const found = configOf(base);
    configs.set(base, found);
    return found;
  };
  // Steps in a row mostly share their environment.
  let last:
    | { readonly env: State["env"]; readonly base: State["base"]; readonly entries: readonly string[] }
    | undefined;
  return {
    env(state) {
      if (last?.env === state.env && last?.base === state.base && last !== undefined) return last.entries;
      const base = config(state)?.env ?? noEnv;
      const entries = state.env === undefined && base.length === 0 ? noEnv : resolveEnv(base, state.env);
      last = { env: state.env, base: state.base, entries };
      return entries;
    },
    dir(state) {
      if (state.dir?.startsWith("/")) return state.dir;
      const base = config(state)?.workingDir ?? "";
      if (state.dir === undefined) return base.startsWith("/") ? base : resolvePath("/", base);
      return resolvePath(base, state.dir);
    },
    user: (state) => state.user ?? config(state)?.user ?? "",
  };
}

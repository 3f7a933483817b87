import { resolveEnv } from "./environment.ts";
import { isAbsolute, resolvePath } from "./path.ts";
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
  return new ImageRuntime(configOf);
}

class ImageRuntime implements Runtime {
  private readonly configOf: ConfigOf | undefined;
  private readonly configs = new Map<Vertex, RuntimeConfig | undefined>();
  // Steps in a row mostly share their environment.
  private lastEnv: State["env"];
  private lastBase: State["base"];
  private lastEntries = noEnv;

  constructor(configOf: ConfigOf | undefined) {
    this.configOf = configOf;
  }

  private config(base: Vertex): RuntimeConfig | undefined {
    if (this.configOf === undefined) return undefined;
    const known = this.configs.get(base);
    if (known !== undefined || this.configs.has(base)) return known;
    const found = this.configOf(base);
    this.configs.set(base, found);
    return found;
  }

  env({ env, base }: State): readonly string[] {
    if (this.lastEnv === env && this.lastBase === base) return this.lastEntries;
    const own = (base === undefined ? undefined : this.config(base)?.env) ?? noEnv;
    const entries = env === undefined && own.length === 0 ? noEnv : resolveEnv(own, env);
    this.lastEnv = env;
    this.lastBase = base;
    this.lastEntries = entries;
    return entries;
  }

  dir({ dir, base }: State): string {
    if (dir !== undefined && isAbsolute(dir)) return dir;
    const own = (base === undefined ? undefined : this.config(base)?.workingDir) ?? "";
    if (dir === undefined) return isAbsolute(own) ? own : resolvePath("/", own);
    return resolvePath(own, dir);
  }

  user({ user, base }: State): string {
    if (user !== undefined || base === undefined) return user ?? "";
    return this.config(base)?.user ?? "";
  }
}

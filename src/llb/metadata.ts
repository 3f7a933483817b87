import { digestOf } from "./digest.ts";
import { checkText, invalid } from "./invalid.ts";

/** Vertices with the same `id` are one group in the progress. A weak group does not override another. */
export interface ProgressGroup {
  readonly id: string;
  readonly name: string;
  readonly weak?: boolean | undefined;
}

/** What the daemon keeps beside an op. It is no part of the op's digest. */
export interface Metadata {
  /** `llb.customname` is the name that progress shows. */
  readonly description?: ReadonlyMap<string, string> | undefined;
  readonly ignoreCache?: boolean | undefined;
  /** Whether the vertex goes into an exported cache; absent leaves it to the exporter. */
  readonly exportCache?: boolean | undefined;
  readonly progressGroup?: ProgressGroup | undefined;
  /** A pb.LinuxResources, which frontends may set. */
  readonly linuxResources?: Uint8Array | undefined;
}

/** Metadata as scripts give it. */
export interface MetadataOptions {
  /** What progress shows instead of the command. */
  readonly name?: string | undefined;
  readonly description?: ReadonlyMap<string, string> | undefined;
  /** The name of the progress group. */
  readonly group?: string | ProgressGroup | undefined;
  readonly noCache?: boolean | undefined;
  readonly exportCache?: boolean | undefined;
}

/** The key of the description that progress shows as the vertex's name. */
export const customName = "llb.customname";

/** The group of that name: the same name is the same group everywhere, in every run. */
export function progressGroup(name: string): ProgressGroup {
  if (name === "") throw invalid("group: a progress group needs a name");
  checkText("group", name);
  return { id: digestOf(new TextEncoder().encode(`luakit progress group ${name}`)).slice(7, 32), name };
}

/** Turns options into metadata; undefined when they say nothing. */
export function metadataOf(options: MetadataOptions): Metadata | undefined {
  if (options.description === undefined && options.name === undefined && options.group === undefined) {
    if (!options.noCache && options.exportCache === undefined) return undefined;
  }
  const description = new Map(options.description);
  if (options.name !== undefined) description.set(customName, options.name);
  for (const [key, value] of description) {
    checkText("description", key);
    checkText("description", value);
  }
  const group = typeof options.group === "string" ? progressGroup(options.group) : options.group;
  if (description.size === 0 && group === undefined && !options.noCache && options.exportCache === undefined) {
    return undefined;
  }
  return {
    description: description.size === 0 ? undefined : description,
    ignoreCache: options.noCache || undefined,
    exportCache: options.exportCache,
    progressGroup: group,
  };
}

/** What the daemon sees when both are said about one op: the later wins, but a cache once ignored stays ignored. */
export function mergeMetadata(earlier: Metadata | undefined, later: Metadata | undefined): Metadata | undefined {
  if (earlier === undefined || later === undefined || earlier === later) return later ?? earlier;
  const described = earlier.description !== undefined || later.description !== undefined;
  return {
    description: described ? new Map([...(earlier.description ?? []), ...(later.description ?? [])]) : undefined,
    ignoreCache: later.ignoreCache || earlier.ignoreCache,
    exportCache: later.exportCache ?? earlier.exportCache,
    progressGroup: later.progressGroup ?? earlier.progressGroup,
    linuxResources: later.linuxResources ?? earlier.linuxResources,
  };
}

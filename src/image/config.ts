/** The image config JSON of OCI, with Docker's additions in `config`. Absent members are undefined, never null. */
export interface ImageConfig {
  readonly created?: string | undefined;
  readonly author?: string | undefined;
  readonly architecture: string;
  readonly os: string;
  readonly "os.version"?: string | undefined;
  readonly "os.features"?: readonly string[] | undefined;
  readonly variant?: string | undefined;
  readonly config: ContainerConfig;
  readonly rootfs: RootFilesystem;
  readonly history?: readonly HistoryEntry[] | undefined;
}

/** How a container of the image starts. Keys are spelled as in the JSON. */
export interface ContainerConfig {
  readonly User?: string | undefined;
  readonly ExposedPorts?: NameSet | undefined;
  readonly Env?: readonly string[] | undefined;
  readonly Entrypoint?: readonly string[] | undefined;
  readonly Cmd?: readonly string[] | undefined;
  readonly Volumes?: NameSet | undefined;
  readonly WorkingDir?: string | undefined;
  readonly Labels?: Readonly<Record<string, string>> | undefined;
  readonly StopSignal?: string | undefined;
  readonly ArgsEscaped?: boolean | undefined;
  readonly Healthcheck?: Healthcheck | undefined;
  readonly OnBuild?: readonly string[] | undefined;
  readonly Shell?: readonly string[] | undefined;
}

/** Go's `map[string]struct{}`: only the keys mean something. */
export type NameSet = Readonly<Record<string, Readonly<Record<string, never>>>>;

/** Times are in nanoseconds; absent or 0 means Docker's default. */
export interface Healthcheck {
  readonly Test?: readonly string[] | undefined;
  readonly Interval?: number | undefined;
  readonly Timeout?: number | undefined;
  readonly StartPeriod?: number | undefined;
  readonly StartInterval?: number | undefined;
  readonly Retries?: number | undefined;
}

/** Filled by the exporter; a config that we write has no layers. */
export interface RootFilesystem {
  readonly type: "layers";
  readonly diff_ids: readonly string[];
}

export interface HistoryEntry {
  readonly created?: string | undefined;
  readonly created_by?: string | undefined;
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
  readonly empty_layer?: boolean | undefined;
}

/** The set of `names`, sorted by their bytes. */
export function nameSet(names: Iterable<string>): NameSet {
  return Object.fromEntries([...new Set(names)].sort(compareBytes).map((name) => [name, {}]));
}

/** `record` with its keys sorted by their bytes; undefined when it is empty or absent. */
export function sortedRecord<T>(
  record: Readonly<Record<string, T>> | undefined,
): Readonly<Record<string, T>> | undefined {
  const entries = Object.entries(record ?? {});
  return entries.length === 0 ? undefined : Object.fromEntries(entries.sort(([a], [b]) => compareBytes(a, b)));
}

/** The config as compact JSON, the same bytes for equal configs: keys in OCI's order, maps sorted, empty members left out. */
export function formatConfig(image: ImageConfig): string {
  return JSON.stringify({
    created: image.created,
    author: filled(image.author),
    architecture: image.architecture,
    os: image.os,
    "os.version": filled(image["os.version"]),
    "os.features": filled(image["os.features"]),
    variant: filled(image.variant),
    config: orderedContainer(image.config),
    rootfs: { type: image.rootfs.type, diff_ids: image.rootfs.diff_ids },
    history: filled(image.history)?.map(orderedHistory),
  });
}

function orderedContainer(config: ContainerConfig): ContainerConfig {
  return {
    User: filled(config.User),
    ExposedPorts: sortedRecord(config.ExposedPorts),
    Env: filled(config.Env),
    Entrypoint: filled(config.Entrypoint),
    Cmd: filled(config.Cmd),
    Volumes: sortedRecord(config.Volumes),
    WorkingDir: filled(config.WorkingDir),
    Labels: sortedRecord(config.Labels),
    StopSignal: filled(config.StopSignal),
    ArgsEscaped: config.ArgsEscaped === true ? true : undefined,
    Healthcheck: config.Healthcheck === undefined ? undefined : orderedHealthcheck(config.Healthcheck),
    OnBuild: filled(config.OnBuild),
    Shell: filled(config.Shell),
  };
}

function orderedHealthcheck(check: Healthcheck): Healthcheck {
  return {
    Test: filled(check.Test),
    Interval: check.Interval || undefined,
    Timeout: check.Timeout || undefined,
    StartPeriod: check.StartPeriod || undefined,
    StartInterval: check.StartInterval || undefined,
    Retries: check.Retries || undefined,
  };
}

function orderedHistory(entry: HistoryEntry): HistoryEntry {
  return {
    created: entry.created,
    created_by: filled(entry.created_by),
    author: filled(entry.author),
    comment: filled(entry.comment),
    empty_layer: entry.empty_layer === true ? true : undefined,
  };
}

function filled<T extends string | readonly unknown[]>(value: T | undefined): T | undefined {
  return value === undefined || value.length === 0 ? undefined : value;
}

function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

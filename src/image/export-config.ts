import { posix } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Platform } from "../oci/platform.ts";
import { annotationAttributes } from "./annotation.ts";
import { type ContainerConfig, type ImageConfig, nameSet, sortedRecord } from "./config.ts";
import { parseExposedPorts } from "./exposed-port.ts";
import { type HealthcheckOptions, toHealthcheck } from "./healthcheck.ts";
import { parseStopSignal } from "./stop-signal.ts";

/** The options of `bk.export`, spelled as in a script. */
export interface ExportOptions {
  /** A string runs in the image's shell. */
  readonly entrypoint?: string | readonly string[] | undefined;
  readonly cmd?: string | readonly string[] | undefined;
  /** Names and values, or a list of `NAME=value`. */
  readonly env?: ReadonlyMap<string, string> | readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly workdir?: string | undefined;
  readonly expose?: readonly (string | number)[] | undefined;
  readonly volumes?: readonly string[] | undefined;
  readonly labels?: ReadonlyMap<string, string> | undefined;
  /** Not part of the config: see `annotationAttributes`. */
  readonly annotations?: ReadonlyMap<string, string> | undefined;
  readonly stop_signal?: string | number | undefined;
  readonly shell?: readonly string[] | undefined;
  readonly healthcheck?: HealthcheckOptions | undefined;
  readonly author?: string | undefined;
  /** RFC 3339, or seconds since 1970. */
  readonly created?: string | number | undefined;
  readonly os?: string | undefined;
  readonly arch?: string | undefined;
  readonly variant?: string | undefined;
  readonly inherit?: boolean | undefined;
  /** The State's environment, working directory, user and shell are the image's too. Whoever knows the State does it. */
  readonly settings?: boolean | undefined;
  /** What images that are built on this one do first: instructions of a Dockerfile. */
  readonly onbuild?: readonly string[] | undefined;
}

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Throws "image.config" for a value that no base image could make right; for use where the script's line is known. */
export function checkExportOptions(options: ExportOptions, platform: Platform): void {
  const anyCheck = { Test: ["CMD", "true"] };
  const base = { architecture: "", os: "", config: { Healthcheck: anyCheck }, rootfs: noLayers };
  inheritConfig(base, options, platform);
  annotationAttributes(options.annotations ?? new Map());
}

/**
 * The config of an exported image: that of `base` as FROM takes it (no ONBUILD, no creation time, PATH always set),
 * changed by the options as Dockerfile's instructions do. Without `base`, or with `inherit = false`, it starts as
 * `FROM scratch` for `platform`.
 */
export function inheritConfig(base: ImageConfig | undefined, options: ExportOptions, platform: Platform): ImageConfig {
  const from = options.inherit === false ? undefined : base;
  const identity = identityOf(from, options, platform);
  const start: ContainerConfig = from?.config ?? { WorkingDir: "/" };
  return {
    ...identity,
    created: options.created === undefined ? undefined : formatTime(options.created),
    author: options.author ?? from?.author,
    config: containerConfig(start, options, identity.os),
    rootfs: noLayers,
    history: from?.history,
  };
}

/** The exporter fills in the layers. */
const noLayers = { type: "layers", diff_ids: [] } as const;

function identityOf(base: ImageConfig | undefined, options: ExportOptions, platform: Platform) {
  const os = options.os ?? (base?.os || platform.os);
  const architecture = options.arch ?? (base?.architecture || platform.architecture);
  if (os === "" || architecture === "") throw refuse(os === "" ? "os" : "arch", "it is empty");
  // What is built for says which processor: a base image may spell it otherwise.
  const own = [platform, base].find((each) => each?.architecture === architecture && each.os === os);
  const sameSystem = base?.os === os;
  return {
    architecture,
    os,
    variant: options.variant ?? (own?.variant || undefined),
    "os.version": sameSystem ? base["os.version"] : undefined,
    "os.features": sameSystem ? base["os.features"] : undefined,
  };
}

function containerConfig(start: ContainerConfig, options: ExportOptions, os: string): ContainerConfig {
  const shell = options.shell ?? start.Shell ?? (os === "windows" ? ["cmd", "/S", "/C"] : ["/bin/sh", "-c"]);
  if (shell.length === 0) throw refuse("shell", "it is empty");
  const inheritedCmd = options.entrypoint === undefined ? start.Cmd : undefined;
  return {
    ...start,
    User: options.user ?? start.User,
    ExposedPorts: sortedRecord({
      ...start.ExposedPorts,
      ...nameSet((options.expose ?? []).flatMap(parseExposedPorts)),
    }),
    Env: mergeEnv(withPath(start.Env ?? [], os), options.env),
    Entrypoint: command(options.entrypoint, shell) ?? start.Entrypoint,
    Cmd: command(options.cmd, shell) ?? inheritedCmd,
    Volumes: sortedRecord({ ...start.Volumes, ...nameSet((options.volumes ?? []).map((path) => volume(path, os))) }),
    WorkingDir: workingDir(start.WorkingDir ?? "", options.workdir, os),
    Labels: labels(start.Labels, options.labels),
    StopSignal: options.stop_signal === undefined ? start.StopSignal : parseStopSignal(options.stop_signal),
    Healthcheck:
      options.healthcheck === undefined ? start.Healthcheck : toHealthcheck(options.healthcheck, start.Healthcheck),
    OnBuild: options.onbuild,
    Shell: options.shell ?? start.Shell,
  };
}

function command(given: string | readonly string[] | undefined, shell: readonly string[]) {
  return typeof given === "string" ? [...shell, given] : given;
}

function withPath(env: readonly string[], os: string): readonly string[] {
  return os === "windows" || env.some((entry) => entry.startsWith("PATH=")) ? env : [...env, `PATH=${defaultPath}`];
}

function mergeEnv(env: readonly string[], changes: ExportOptions["env"]): readonly string[] {
  const merged = new Map(env.map((entry) => [nameOf(entry), entry]));
  for (const entry of toEntries(changes ?? [])) {
    if (entry.indexOf("=") < 1) throw refuse("env", `"${entry}" is not NAME=value`);
    if (entry.includes("\0")) throw refuse("env", `the value of "${nameOf(entry)}" has a NUL byte`);
    merged.set(nameOf(entry), entry);
  }
  return [...merged.values()];
}

/** The variables of `bk.export` as `NAME=value`. */
export function toEntries(env: NonNullable<ExportOptions["env"]>): readonly string[] {
  return "size" in env ? [...env].map(([name, value]) => `${checkName(name)}=${value}`) : env;
}

function checkName(name: string): string {
  if (name !== "" && !name.includes("=")) return name;
  throw refuse("env", `"${name}" is not a variable name`);
}

function nameOf(entry: string): string {
  const equals = entry.indexOf("=");
  return equals < 0 ? entry : entry.slice(0, equals);
}

function labels(inherited: ContainerConfig["Labels"], changes: ReadonlyMap<string, string> | undefined) {
  if (changes?.has("") === true) throw refuse("labels", "a label has no name");
  return sortedRecord({ ...inherited, ...Object.fromEntries(changes ?? []) });
}

function volume(path: string, os: string): string {
  if (os === "windows" ? path !== "" : path.startsWith("/")) return path;
  throw refuse("volumes", path === "" ? "a path is empty" : `"${path}" is not an absolute path`);
}

function workingDir(inherited: string, given: string | undefined, os: string): string | undefined {
  if (given === undefined && inherited === "") return undefined;
  if (os !== "windows") return trimSlash(posix.resolve("/", inherited, given ?? ""));
  const [from, to] = [inherited, given ?? ""].map((path) => path.replaceAll("\\", "/").replace(/^[a-zA-Z]:/, ""));
  return posix.resolve("/", from ?? "", to ?? "").replaceAll("/", "\\");
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function formatTime(time: string | number): string {
  const known =
    typeof time === "number" || /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(time);
  const date = typeof time === "number" ? new Date(time * 1000) : new Date(time);
  const isOut = date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999;
  if (!known || Number.isNaN(date.getTime()) || isOut) {
    throw refuse("created", `"${time}" is not a time`, 'write "2024-01-31T12:00:00Z" or seconds since 1970');
  }
  return typeof time === "string" ? time : date.toISOString().replace(".000Z", "Z");
}

function refuse(option: string, why: string, hint?: string): LuakitError {
  return new LuakitError("image.config", `option "${option}": ${why}`, { hint });
}

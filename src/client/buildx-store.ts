import { join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { isObject, type JsonObject, textMember } from "../image/json.ts";
import { normalizePlatform, type Platform } from "../oci/platform.ts";
import { dockerConfigDirectory } from "./docker-context.ts";
import type { HostEnvironment } from "./host-environment.ts";
import { listStored, readStored } from "./stored-file.ts";

/** One builder of buildx, as `docker buildx create` stored it. */
export interface Builder {
  readonly name: string;
  /** `docker-container`, `remote`, `kubernetes`, `docker`, or one that is not known yet. */
  readonly driver: string;
  readonly nodes: readonly BuilderNode[];
}

export interface BuilderNode {
  readonly name: string;
  /** A docker context, a Docker Engine's host, or a daemon's address, as the driver has it. */
  readonly endpoint: string;
  /** What was given to `--platform`; the node may be able to do more. */
  readonly platforms: readonly Platform[];
  readonly options: Readonly<Record<string, string>>;
  /** Base64 of what the node's daemon was configured with, by name: `buildkitd.toml`, `certs/…`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** `BUILDX_CONFIG`, else `buildx` in docker's configuration directory. */
export function buildxDirectory(host: HostEnvironment): string {
  return host.variables.BUILDX_CONFIG || join(dockerConfigDirectory(host), "buildx");
}

/** The builder `name`, undefined when the store has none. Throws `daemon.unreachable` when its file makes no sense. */
export function readBuilder(directory: string, name: string): Builder | undefined {
  if (!/^[a-zA-Z][a-zA-Z0-9._-]*$/.test(name)) return undefined;
  const path = join(directory, "instances", name.toLowerCase());
  const text = readStored(path);
  if (text === undefined) return undefined;
  const hint = `docker buildx inspect ${name}`;
  const unknown = (reason: string) => unknownForm(`the buildx builder "${name}"`, `${path}: ${reason}`, hint);
  const instance = parseStored(text, unknown);
  const nodes = Array.isArray(instance.Nodes) ? instance.Nodes.filter(isObject) : [];
  if (nodes.length === 0) throw unknown("it has no nodes");
  const driver = textMember(instance, "Driver") ?? "docker";
  return { name: textMember(instance, "Name") ?? name, driver, nodes: nodes.map(readNode) };
}

/**
 * The builder that `docker buildx use` chose for the docker endpoint `key` (a context's name, or the host of the default
 * one); undefined means the docker context itself. A choice whose builder has gone counts as none, as in buildx. Throws
 * `daemon.unreachable` when the choice makes no sense.
 */
export function currentBuilder(directory: string, key: string): Builder | undefined {
  const current = readCurrent(join(directory, "current"));
  const name = textMember(current, "Name");
  if (name !== undefined && current.Global === true) {
    const chosen = readBuilder(directory, name);
    if (chosen !== undefined) return chosen;
  }
  if (name !== undefined && current.Key === key) return readBuilder(directory, name);
  const hash = new Bun.CryptoHasher("sha256").update(key).digest("hex").slice(0, 20);
  const fallback = readStored(join(directory, "defaults", hash));
  return fallback === undefined ? undefined : readBuilder(directory, fallback.trim());
}

/** The names of all stored builders. */
export function listBuilders(directory: string): readonly string[] {
  return listStored(join(directory, "instances"));
}

function readCurrent(path: string): JsonObject {
  const text = readStored(path);
  const hint = "docker buildx use writes it anew";
  const unknown = (reason: string) => unknownForm("the current buildx builder", `${path}: ${reason}`, hint);
  return text === undefined ? {} : parseStored(text, unknown);
}

function parseStored(text: string, unknown: (reason: string) => LuakitError): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unknown(error instanceof Error ? error.message : String(error));
  }
  if (isObject(value)) return value;
  throw unknown("it is no JSON object");
}

function unknownForm(what: string, reason: string, hint: string): LuakitError {
  return new LuakitError("daemon.unreachable", `${what} is not stored in a way that is known: ${reason}`, { hint });
}

function readNode(node: JsonObject): BuilderNode {
  const platforms = Array.isArray(node.Platforms) ? node.Platforms.filter(isObject) : [];
  const files = textsOf(node.Files);
  return {
    name: textMember(node, "Name") ?? "",
    endpoint: textMember(node, "Endpoint") ?? "",
    platforms: platforms.flatMap(readPlatform),
    options: textsOf(node.DriverOpts),
    ...(Object.keys(files).length > 0 && { files }),
  };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function readPlatform(platform: JsonObject): Platform[] {
  const [os, architecture] = [textMember(platform, "os"), textMember(platform, "architecture")];
  if (os === undefined || architecture === undefined) return [];
  return [normalizePlatform({ os, architecture, variant: textMember(platform, "variant") })];
}

import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { TlsOptions } from "../image/http-request.ts";
import { isObject, type JsonObject, textMember } from "../image/json.ts";
import type { BuilderNode } from "./buildx-store.ts";

/** How a node's daemon was told to speak to registries. */
export interface RegistryOptions {
  /** Hosts that are spoken to without TLS, or whose certificate is not checked. */
  readonly insecure: readonly string[];
  readonly tls: ReadonlyMap<string, TlsOptions>;
}

/** What the nodes of a builder say of registries together. */
export function registryOptionsOf(nodes: readonly BuilderNode[]): RegistryOptions {
  const all = nodes.map(readNode);
  return {
    insecure: [...new Set(all.flatMap(({ insecure }) => insecure))],
    tls: new Map(all.flatMap(({ tls }) => [...tls])),
  };
}

/** What `docker buildx create --buildkitd-config` was given of registries; nothing for a node without. */
function readNode({ name, files = {} }: BuilderNode): RegistryOptions {
  const insecure: string[] = [];
  const tls = new Map<string, TlsOptions>();
  const text = files["buildkitd.toml"];
  const registries = text === undefined ? {} : member(parseToml(decode(text), name), "registry");
  for (const [host, settings] of Object.entries(registries)) {
    if (!isObject(settings)) continue;
    if (settings.http === true || settings.insecure === true) insecure.push(host);
    const trust = trustOf(settings, files);
    if (trust !== undefined) tls.set(host, trust);
  }
  return { insecure, tls };
}

function parseToml(text: string, node: string): JsonObject {
  try {
    const parsed: unknown = Bun.TOML.parse(text);
    return isObject(parsed) ? parsed : {};
  } catch (cause) {
    throw new LuakitError("image.push", `the buildkitd.toml of the node "${node}" is not TOML`, { cause });
  }
}

/** The certificates that buildx stored beside the configuration, which names them by where the daemon has them. */
function trustOf(settings: JsonObject, files: Readonly<Record<string, string>>): TlsOptions | undefined {
  const stored = (path: unknown) => {
    const text = typeof path === "string" ? files[path.replace(/^\/etc\/buildkit\//, "")] : undefined;
    return text === undefined ? undefined : decode(text);
  };
  const ca = list(settings.ca).flatMap((path) => stored(path) ?? []);
  const pair = list(settings.keypair).find(isObject) ?? {};
  const [cert, key] = [stored(textMember(pair, "cert")), stored(textMember(pair, "key"))];
  if (ca.length === 0 && cert === undefined) return undefined;
  return { ...(ca.length > 0 && { ca: ca.join("\n") }), ...(cert !== undefined && key !== undefined && { cert, key }) };
}

function member(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

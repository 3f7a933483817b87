import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { CredentialSource } from "../image/credentials.ts";
import { originEndpoint } from "../image/endpoint.ts";
import type { TlsOptions } from "../image/http-request.ts";
import { type MergedIndex, mergeIndexes } from "../image/merge-index.ts";
import { type ImageReference, parseReference } from "../image/reference.ts";
import { Registry } from "../image/registry.ts";
import type { RegistryTls } from "../session/auth-tls.ts";
import type { RegistryOptions } from "./node-registries.ts";
import type { IndexPush } from "./pool-request.ts";

/** How registries are reached: as a session's, and as the nodes' daemons do it. */
export interface PushOptions {
  readonly credentials: CredentialSource;
  readonly registries: RegistryOptions;
  /** `--registry-auth-tlscontext`. */
  readonly tls: RegistryTls;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** Milliseconds for one request. */
const patience = 30_000;

/**
 * Pushes one index of the images that nodes have pushed by their digests, under every name. Rejects with "image.push",
 * which names the image.
 */
export async function pushIndex(
  push: IndexPush,
  digests: readonly string[],
  options: PushOptions,
): Promise<MergedIndex> {
  const registries = openRegistries(push, options, await trustOf(push, options));
  const [first = ""] = push.names;
  const index = await attempt(first, async () => {
    const { domain, path } = parseReference(first);
    const parts = await Promise.all(digests.map((digest) => registries(domain).manifest(path, digest)));
    return mergeIndexes(parts.map(({ bytes }) => bytes));
  });
  await Promise.all(push.names.map((name) => attempt(name, () => put(name, push, index, registries))));
  return index;
}

async function put(
  name: string,
  { byDigest }: IndexPush,
  index: MergedIndex,
  registries: (domain: string) => Registry,
): Promise<void> {
  const reference: ImageReference = parseReference(name);
  const under = byDigest ? index.digest : (reference.tag ?? "latest");
  await registries(reference.domain).putManifest(reference.path, under, index);
}

/** One client for each registry, which keeps its tokens. */
function openRegistries(
  push: IndexPush,
  { credentials, userAgent, signal, registries }: PushOptions,
  trust: ReadonlyMap<string, TlsOptions>,
): (domain: string) => Registry {
  const open = new Map<string, Registry>();
  const tls = (host: string) => trust.get(host);
  return (domain) => {
    const insecure = push.insecure ? [domain] : registries.insecure;
    const known =
      open.get(domain) ??
      new Registry(originEndpoint(domain, insecure), credentials, { timeout: patience, userAgent, signal, tls });
    open.set(domain, known);
    return known;
  };
}

/** What the command line says of a registry goes before what its nodes were told. */
async function trustOf(
  { names }: IndexPush,
  { registries, tls }: PushOptions,
): Promise<ReadonlyMap<string, TlsOptions>> {
  const trust = new Map(registries.tls);
  for (const { domain } of names.map((name) => parseReference(name))) {
    const given = await tls(domain);
    if (given !== undefined) trust.set(domain, given);
  }
  return trust;
}

async function attempt<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof LuakitError) || error.code === "interrupted") throw error;
    throw new LuakitError("image.push", `cannot push the index "${name}": ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}

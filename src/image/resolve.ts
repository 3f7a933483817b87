import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import { type ContentSource, type ImageContent, readImage } from "./content.ts";
import type { CredentialSource } from "./credentials.ts";
import { mirrorEndpoint, originEndpoint } from "./endpoint.ts";
import type { HttpOptions, TlsOptions } from "./http-request.ts";
import { limitConcurrency } from "./limit.ts";
import type { RawManifest } from "./manifest.ts";
import { formatReference, formatRepository, type ImageReference, parseReference } from "./reference.ts";
import { Registry } from "./registry.ts";

export interface ResolvedImage extends ImageContent {
  /** The full name: `docker.io/library/alpine:latest`. */
  readonly reference: string;
}

export interface ResolverOptions {
  readonly credentials: CredentialSource;
  /** By registry host, tried in order before the registry itself: `{"docker.io": ["localhost:5000"]}`. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Hosts with port that are spoken to over plain http; loopback ones always are. */
  readonly insecure?: readonly string[] | undefined;
  /** Trust for a host and port. */
  readonly tls?: ((host: string) => TlsOptions | undefined) | undefined;
  /** Milliseconds for one request; default 30000. */
  readonly timeout?: number | undefined;
  /** Images at a time; default 8. */
  readonly concurrency?: number | undefined;
  readonly userAgent?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Looks images up in their registries; each name and platform only once. */
export interface Resolver {
  resolve(reference: string, platform: Platform): Promise<ResolvedImage>;
}

/** Opens nothing before the first image is asked for. Failures are "image.resolve" and name the image and both ways out. */
export function createResolver(options: ResolverOptions): Resolver {
  const images = new Map<string, Promise<ResolvedImage>>();
  const limited = limitConcurrency(options.concurrency ?? 8);
  const sources = new SourcePool(options);
  return {
    async resolve(text, platform) {
      const reference = parseReference(text);
      const key = `${formatReference(reference)} ${formatPlatform(platform)}`;
      const known = images.get(key) ?? limited(() => resolveImage(sources.open(reference), reference, platform));
      images.set(key, known);
      return known;
    },
  };
}

async function resolveImage(
  source: ContentSource,
  reference: ImageReference,
  platform: Platform,
): Promise<ResolvedImage> {
  const name = formatReference(reference);
  try {
    const content = await readImage(source, reference.digest ?? reference.tag ?? "latest", platform);
    return { reference: name, ...content };
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    const hint = `${error.hint ?? "check the registry"}; or use --no-resolve to build without the image's config`;
    throw new LuakitError(error.code, `cannot resolve the image "${name}": ${error.message}`, { hint, cause: error });
  }
}

/** The registries that were spoken to, with their tokens, and the manifests that were read. */
class SourcePool {
  readonly #options: ResolverOptions;
  readonly #http: HttpOptions;
  readonly #registries = new Map<string, readonly Registry[]>();
  readonly #manifests = new Map<string, Promise<RawManifest>>();

  constructor(options: ResolverOptions) {
    this.#options = options;
    const { signal, tls, timeout = 30_000, userAgent = "luakit" } = options;
    this.#http = { timeout, userAgent, signal, tls };
  }

  open(reference: ImageReference): ContentSource {
    const { path, domain } = reference;
    const registries = this.#registriesOf(domain);
    return {
      manifest: (name) => {
        const key = `${formatRepository(reference)} ${name}`;
        const known = this.#manifests.get(key) ?? firstOf(registries, (registry) => registry.manifest(path, name));
        this.#manifests.set(key, known);
        return known;
      },
      blob: (descriptor) => firstOf(registries, (registry) => registry.blob(path, descriptor)),
    };
  }

  #registriesOf(domain: string): readonly Registry[] {
    const { insecure, mirrors, credentials } = this.#options;
    const names = mirrors !== undefined && Object.hasOwn(mirrors, domain) ? (mirrors[domain] ?? []) : [];
    const endpoints = [
      ...names.map((name) => mirrorEndpoint(name, domain, insecure)),
      originEndpoint(domain, insecure),
    ];
    const known = this.#registries.get(domain) ?? endpoints.map((each) => new Registry(each, credentials, this.#http));
    this.#registries.set(domain, known);
    return known;
  }
}

/** The first success; otherwise the failure of the last one, the registry itself, with those of its mirrors. */
async function firstOf<T>(
  registries: readonly Registry[],
  ask: (registry: Registry) => Promise<T>,
  failures: readonly string[] = [],
): Promise<T> {
  const [registry, ...others] = registries;
  if (registry === undefined) throw new LuakitError("image.resolve", "there is no registry to ask");
  try {
    return await ask(registry);
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    if (others.length > 0) return firstOf(others, ask, [...failures, `the mirror ${registry.host}: ${error.message}`]);
    if (failures.length === 0) throw error;
    throw new LuakitError(error.code, `${error.message} (${failures.join("; ")})`, { hint: error.hint, cause: error });
  }
}

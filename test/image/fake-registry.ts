import { afterEach } from "bun:test";
import type { Server } from "bun";
import { digestOf } from "../../src/image/digest.ts";

/** A registry in this process with one repository's contents and a record of the requests. */
export interface FakeRegistry {
  readonly host: string;
  readonly requests: readonly RecordedRequest[];
  stop(): Promise<void>;
}

export interface RecordedRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | null;
  readonly accept: string | null;
  readonly body: string;
}

export interface Content {
  /** By tag or digest. */
  readonly manifests: ReadonlyMap<string, { readonly type: string; readonly body: string }>;
  readonly blobs: ReadonlyMap<string, string>;
}

/** Answers before the contents do; undefined lets the request through. */
export type Guard = (request: Request, url: URL) => Response | undefined | Promise<Response | undefined>;

export const types = {
  index: "application/vnd.oci.image.index.v1+json",
  list: "application/vnd.docker.distribution.manifest.list.v2+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  schema2: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.oci.image.config.v1+json",
} as const;

export const digestOfText = (text: string): string => digestOf(new TextEncoder().encode(text));

export const amd64 = { os: "linux", architecture: "amd64" } as const;

/** Registries that are stopped after the test that starts them. */
export function startRegistries(): (content: Content, guard?: Guard) => FakeRegistry {
  const running: FakeRegistry[] = [];
  afterEach(async () => {
    for (const registry of running.splice(0)) await registry.stop();
  });
  return (content, guard) => {
    const registry = startRegistry(content, guard);
    running.push(registry);
    return registry;
  };
}

export function startRegistry(content: Content, guard?: Guard): FakeRegistry {
  const requests: RecordedRequest[] = [];
  const server: Server<undefined> = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const url = new URL(request.url);
      requests.push({
        method: request.method,
        url,
        authorization: request.headers.get("Authorization"),
        accept: request.headers.get("Accept"),
        body: await request.clone().text(),
      });
      return (await guard?.(request, url)) ?? answer(content, url);
    },
  });
  return { host: `127.0.0.1:${server.port}`, requests, stop: () => server.stop(true) };
}

function answer(content: Content, url: URL): Response {
  const [, , kind = "", name = ""] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname) ?? [];
  if (kind === "manifests") {
    const found = content.manifests.get(name);
    if (found === undefined) return registryError(404, "MANIFEST_UNKNOWN", "manifest unknown");
    const headers = { "Content-Type": found.type, "Docker-Content-Digest": digestOfText(found.body) };
    return new Response(found.body, { headers });
  }
  const blob = content.blobs.get(name);
  return blob === undefined ? registryError(404, "BLOB_UNKNOWN", "blob unknown") : new Response(blob);
}

export function registryError(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ errors: [{ code, message }] }, { status, headers });
}

export interface ImageFixture {
  readonly config: string;
  readonly configDigest: string;
  readonly manifest: string;
  readonly digest: string;
}

/** One image's documents; `members` go over the config's defaults. */
export function makeImage(members: Readonly<Record<string, unknown>> = {}): ImageFixture {
  const config = JSON.stringify({
    ...amd64,
    config: { Env: ["A=1"] },
    rootfs: { type: "layers", diff_ids: [] },
    ...members,
  });
  const configDigest = digestOfText(config);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, digest: configDigest, size: config.length },
    layers: [],
  });
  return { config, configDigest, manifest, digest: digestOfText(manifest) };
}

/** The contents of a repository in which `tag` is `image`. */
export function singleImage(image: ImageFixture = makeImage(), tag = "latest"): Content {
  const entry = { type: types.manifest, body: image.manifest };
  const manifests = new Map([
    [tag, entry],
    [image.digest, entry],
  ]);
  return { manifests, blobs: new Map([[image.configDigest, image.config]]) };
}

/** The contents of a repository in which `latest` is an index of these images. */
export function multiImage(
  images: readonly { platform?: object; image: ImageFixture }[],
): Content & { digest: string } {
  const body = JSON.stringify({
    schemaVersion: 2,
    manifests: images.map(({ platform, image }) => ({
      mediaType: types.manifest,
      digest: image.digest,
      size: image.manifest.length,
      platform,
    })),
  });
  const index = { type: types.index as string, body };
  const manifests = new Map([
    ["latest", index],
    [digestOfText(body), index],
  ]);
  for (const { image } of images) manifests.set(image.digest, { type: types.manifest, body: image.manifest });
  return {
    manifests,
    blobs: new Map(images.map(({ image }) => [image.configDigest, image.config])),
    digest: digestOfText(body),
  };
}

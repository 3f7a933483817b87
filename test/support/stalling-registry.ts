/** A registry of one image, `HOST/app`, that never comes to an end with a layer, up or down. */
export interface StallingRegistry {
  /** `127.0.0.1:port`, plain http. */
  readonly host: string;
  /** True once a layer is on its way. */
  isStalled(): boolean;
  stop(): void;
}

export function openStallingRegistry(): StallingRegistry {
  // Nobody has such a layer, so it is asked for.
  const layer = digestOf(crypto.randomUUID());
  const config = JSON.stringify({
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: [digestOf("unknown")] },
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(config), size: config.length },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: layer, size: 1_000_000 }],
  });
  let isStalled = false;
  const answer = async (method: string, path: string): Promise<Response> => {
    if (path === "/v2/") return new Response("{}");
    if (method === "POST") return new Response(null, { status: 202, headers: { location: `${path}1` } });
    if (method === "PUT" || method === "PATCH") {
      isStalled = true;
      await new Promise(() => {});
    }
    if (path === `/v2/app/blobs/${digestOf(config)}`) return new Response(config);
    if (path === "/v2/app/manifests/latest" || path.endsWith(digestOf(manifest))) return giveManifest(manifest);
    if (method === "HEAD" || !path.endsWith(layer)) return new Response(null, { status: 404 });
    isStalled = true;
    return new Response(unending(), { headers: { "content-length": "1000000" } });
  };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch: ({ method, url }) => answer(method, new URL(url).pathname),
  });
  return { host: server.url.host, isStalled: () => isStalled, stop: () => server.stop(true) };
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

function giveManifest(manifest: string): Response {
  const headers = { "content-type": manifestType, "docker-content-digest": digestOf(manifest) };
  return new Response(manifest, { headers });
}

function unending(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1000)) });
}

function digestOf(text: string): string {
  return `sha256:${new Bun.CryptoHasher("sha256").update(text).digest("hex")}`;
}

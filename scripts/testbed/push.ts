import { type Descriptor, mediaTypes, readBlob, readImage } from "./layout.ts";

export interface PushTarget {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
  /** `user:password` where the registry wants basic auth. */
  readonly credentials?: string;
}

interface Manifest {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

/** Copies the image `tag` of a layout directory into a registry; blobs that are there already are not sent again. */
export async function pushImage(dir: string, target: PushTarget): Promise<void> {
  await pushManifest(dir, readImage(dir, target.tag), target, target.tag);
}

async function pushManifest(dir: string, descriptor: Descriptor, target: PushTarget, name: string): Promise<void> {
  const body = readBlob(dir, descriptor.digest);
  const manifest: Manifest = JSON.parse(new TextDecoder().decode(body));
  for (const child of manifest.manifests ?? []) await pushManifest(dir, child, target, child.digest);
  for (const blob of [manifest.config ?? [], manifest.layers ?? []].flat()) await pushBlob(dir, blob, target);
  const headers = { "content-type": descriptor.mediaType };
  await call(target, `/manifests/${name}`, { method: "PUT", headers, body });
}

async function pushBlob(dir: string, blob: Descriptor, target: PushTarget): Promise<void> {
  const there = await call(target, `/blobs/${blob.digest}`, { method: "HEAD" }, [200, 404]);
  if (there.status === 200) return;
  const upload = await call(target, "/blobs/uploads/", { method: "POST" });
  const location = new URL(upload.headers.get("location") ?? "", `http://${target.host}`);
  location.searchParams.set("digest", blob.digest);
  const headers = { "content-type": "application/octet-stream" };
  await call(target, location.href, { method: "PUT", headers, body: readBlob(dir, blob.digest) });
}

async function call(target: PushTarget, path: string, init: RequestInit, allowed = [200, 201, 202]): Promise<Response> {
  const base = `http://${target.host}/v2/${target.repository}`;
  const headers = new Headers(init.headers);
  if (target.credentials !== undefined) headers.set("authorization", `Basic ${btoa(target.credentials)}`);
  const url = path.startsWith("/") ? `${base}${path}` : path;
  const response = await fetch(url, { ...init, headers });
  if (allowed.includes(response.status)) return response;
  throw new Error(`${init.method} ${url}: ${response.status} ${await response.text()}`);
}

/** Media types to accept when a manifest is asked for. */
export const acceptManifests = [
  mediaTypes.index,
  mediaTypes.manifest,
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

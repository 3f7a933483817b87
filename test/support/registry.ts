import type { Descriptor } from "../../scripts/testbed/layout.ts";
import { acceptManifests } from "../../scripts/testbed/push.ts";
import { type FetchedManifest, fetchManifest } from "./testbed.ts";

/** The bytes of a blob of `host/repository`, from a registry without auth. */
export async function fetchBlob(repository: string, digest: string): Promise<Uint8Array> {
  const slash = repository.indexOf("/");
  const url = `http://${repository.slice(0, slash)}/v2/${repository.slice(slash + 1)}/blobs/${digest}`;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.bytes();
}

/** Whether the registry has anything under a reference. */
export async function isPushed(reference: string): Promise<boolean> {
  return fetchManifest(reference).then(
    () => true,
    () => false,
  );
}

/** One in-toto statement that an attestation manifest holds. */
export interface Statement {
  readonly predicateType: string;
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicate: Readonly<Record<string, unknown>>;
}

/** The attestations of an image in an index `host/repository:tag`, of `architecture`. */
export async function fetchAttestations(reference: string, architecture = "amd64"): Promise<readonly Statement[]> {
  const repository = reference.slice(0, reference.lastIndexOf(":"));
  const { manifests = [] } = await fetchManifest(reference);
  const image = manifests.find(({ platform }) => platform?.architecture === architecture);
  const refers = ({ annotations }: Descriptor) => annotations?.["vnd.docker.reference.digest"] === image?.digest;
  const attestation = manifests.find((each) => image !== undefined && refers(each));
  if (attestation === undefined) return [];
  const { layers = [] }: FetchedManifest = await fetchManifest(`${repository}@${attestation.digest}`);
  return Promise.all(
    layers.map(async ({ digest }) => JSON.parse(new TextDecoder().decode(await fetchBlob(repository, digest)))),
  );
}

/** Gives an image, or an index of images, a second name in the same registry without auth: `host/repository:tag`. */
export async function copyImage(from: string, to: string): Promise<void> {
  const [source, target] = [splitName(from), splitName(to)];
  await copyManifest(source, target, [source.tag, target.tag]);
}

async function copyManifest(source: Name, target: Name, [tag, as]: readonly [string, string]): Promise<void> {
  const headers = { accept: acceptManifests };
  const found = await fetch(`${source.base}/manifests/${tag}`, { headers });
  const manifest = await found.text();
  const { config, layers = [], manifests = [] }: FetchedManifest = JSON.parse(manifest);
  for (const { digest } of manifests) await copyManifest(source, target, [digest, digest]);
  for (const { digest } of [...(config === undefined ? [] : [config]), ...layers]) {
    const mount = `?mount=${digest}&from=${source.repository}`;
    await expectOk(await fetch(`${target.base}/blobs/uploads/${mount}`, { method: "POST" }));
  }
  const type = found.headers.get("content-type") ?? "";
  const init = { method: "PUT", headers: { "content-type": type }, body: manifest };
  await expectOk(await fetch(`${target.base}/manifests/${as}`, init));
}

interface Name {
  readonly base: string;
  readonly repository: string;
  readonly tag: string;
}

function splitName(name: string): Name {
  const [, host = "", repository = "", tag = ""] = /^([^/]+)\/(.+):([^:]+)$/.exec(name) ?? [];
  return { base: `http://${host}/v2/${repository}`, repository, tag };
}

async function expectOk(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
}

import type { Descriptor } from "../../scripts/testbed/layout.ts";
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

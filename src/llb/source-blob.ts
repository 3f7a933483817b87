import { invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { sourceState } from "./source.ts";
import { type FileOptions, fileAttributes } from "./source-http.ts";
import { parseDigestReference, storeOf, withHost } from "./source-oci-layout.ts";
import type { State } from "./state.ts";

export interface BlobOptions extends FileOptions {
  /** The blob is in the OCI layout of this name, not in a registry. */
  readonly ociLayout?: string | undefined;
}

/** One blob of a repository or of an OCI layout as a file: `docker.io/library/alpine@sha256:…`. */
export function blob(reference: string, options: BlobOptions, context: Context): State {
  const { name, digest } = parseDigestReference(reference);
  const { attributes, caps } = fileAttributes(options);
  caps.add("source.imageblob");
  if (options.ociLayout !== undefined) attributes.set("oci.store", storeOf(options.ociLayout, name));
  else if (!name.includes("/")) throw invalid(`"${reference}" is no complete reference`);
  const scheme = options.ociLayout === undefined ? "docker-image+blob" : "oci-layout+blob";
  return sourceState({ identifier: `${scheme}://${withHost(name)}@${digest}`, attributes, caps }, context);
}

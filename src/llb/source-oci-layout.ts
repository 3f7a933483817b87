import { type Platform, validatePlatform } from "../oci/platform.ts";
import { isDigest } from "./digest.ts";
import { checkInteger, checkText, invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { type SourceOp, sourceVertex } from "./source.ts";
import { type State, scratch } from "./state.ts";

export interface OciLayoutOptions {
  /** The name of the layout on the command line (`--oci-layout name=path`). Default: the reference's name. */
  readonly store?: string | undefined;
  readonly platform?: Platform | undefined;
  readonly layerLimit?: number | undefined;
}

const prefix = "oci-layout://";

/** A name and a digest. */
export interface DigestReference {
  readonly name: string;
  readonly digest: string;
}

/** An image in an OCI layout directory of the client: `name@sha256:…`. */
export function ociLayout(reference: string, options: OciLayoutOptions, context: Context): State {
  const { name, digest } = parseDigestReference(reference);
  const attributes = new Map([["oci.store", storeOf(options.store, name)]]);
  if (options.layerLimit !== undefined) {
    checkInteger("layer_limit", options.layerLimit, 1, 0x7fff_ffff);
    attributes.set("oci.layerlimit", String(options.layerLimit));
  }
  const platform = options.platform === undefined ? undefined : validatePlatform(options.platform);
  const identifier = `${prefix}${withHost(name)}@${digest}`;
  const vertex = sourceVertex({ identifier, attributes, caps: ["source.ocilayout"], platform }, context);
  return { ...scratch, output: { vertex, index: 0 }, platform };
}

/** As {@link ociLayout}, with the image's config: steps on it start from there. */
export function ociLayoutImage(reference: string, options: OciLayoutOptions, context: Context): State {
  const state = ociLayout(reference, options, context);
  return { ...state, base: state.output?.vertex };
}

/** The name and digest of an OCI layout source, undefined for other sources. */
export function layoutReference(op: SourceOp): string | undefined {
  return op.identifier.startsWith(prefix) ? op.identifier.slice(prefix.length) : undefined;
}

/** Splits `name@sha256:…`; a tag between them is dropped, since the digest says it all. */
export function parseDigestReference(reference: string): DigestReference {
  checkText("the reference", reference);
  const at = reference.indexOf("@");
  const digest = reference.slice(at + 1);
  const name = reference.slice(0, Math.max(at, 0)).replace(/:[\w][\w.-]*$/, "");
  if (at === -1 || !isDigest(digest)) throw invalid(`"${reference}" has no digest`, 'write "name@sha256:…"');
  if (!/^[\w.:-]+(\/[\w.-]+)*$/.test(name)) throw invalid(`"${reference}" has no valid name`);
  return { name, digest };
}

/** The name as the daemon can parse it: with a host, as the Dockerfile frontend makes it. */
export function withHost(name: string): string {
  if (!name.includes("/")) return `docker.io/library/${name}`;
  return /^(localhost|[^/]*[.:][^/]*)\//.test(name) ? name : `docker.io/${name}`;
}

/** The store that a reference names unless told otherwise. */
export function storeOf(store: string | undefined, name: string): string {
  if (store === undefined) return name;
  if (store === "") throw invalid("store: the name of the layout is empty");
  return store;
}

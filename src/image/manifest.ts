import { LuakitError } from "../diagnostic/luakit-error.ts";
import { isObject, type JsonObject, parseObject, textMember } from "./json.ts";
import type { DescriptorPlatform } from "./platform-match.ts";
import { isDigest } from "./reference.ts";

/** A manifest or index as it was read: its bytes have the digest. */
export interface RawManifest {
  readonly digest: string;
  /** The Content-Type, if it says anything. */
  readonly mediaType: string | undefined;
  readonly bytes: Uint8Array;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: DescriptorPlatform | undefined;
  readonly annotations: ReadonlyMap<string, string>;
}

export type Manifest =
  | { readonly kind: "index"; readonly manifests: readonly Descriptor[] }
  | { readonly kind: "image"; readonly config: Descriptor };

/** What we ask a registry for. */
export const manifestTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

const configTypes = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
  "application/octet-stream",
];

/** Reads a manifest or an index. Refuses the old schema 1, ambiguous documents and artifacts that are not images. */
export function parseManifest(raw: RawManifest): Manifest {
  const root = parseObject(raw.bytes);
  if (root === undefined) throw refuse("its manifest is not a JSON object");
  const isIndex = typeof root.manifests === "object";
  const isImage = typeof root.config === "object" || typeof root.layers === "object";
  if (isSchema1(raw, root))
    throw refuse("it has the old manifest schema 1, which BuildKit does not take", "push the image again");
  if (isIndex === isImage) throw refuse("its manifest is neither an image nor an index");
  checkType(raw.mediaType, isIndex);
  checkType(textMember(root, "mediaType"), isIndex);
  if (isIndex) return { kind: "index", manifests: parseDescriptors(root.manifests) };
  const config = parseDescriptor(root.config);
  if (configTypes.includes(config.mediaType)) return { kind: "image", config };
  throw refuse(`it is not a container image: its config is "${config.mediaType}"`);
}

/** Reads the entries of an index. */
export function parseDescriptors(value: unknown): readonly Descriptor[] {
  if (!Array.isArray(value)) throw refuse('"manifests" of its index is not a list');
  return value.map(parseDescriptor);
}

function parseDescriptor(value: unknown): Descriptor {
  if (!isObject(value)) throw refuse("its manifest has a descriptor that is not an object");
  const digest = textMember(value, "digest") ?? "";
  const size = value.size;
  if (!isDigest(digest)) throw refuse("its manifest has a descriptor without a valid digest");
  return {
    mediaType: textMember(value, "mediaType") ?? "",
    digest,
    size: typeof size === "number" ? size : 0,
    platform: isObject(value.platform) ? parsePlatform(value.platform) : undefined,
    annotations: parseAnnotations(value.annotations),
  };
}

function parsePlatform(value: JsonObject): DescriptorPlatform {
  const features: unknown = value["os.features"];
  return {
    os: textMember(value, "os") ?? "",
    architecture: textMember(value, "architecture") ?? "",
    variant: textMember(value, "variant"),
    osFeatures: Array.isArray(features) ? features.filter((each) => typeof each === "string") : undefined,
  };
}

function parseAnnotations(value: unknown): ReadonlyMap<string, string> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return new Map(entries.flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])));
}

function isSchema1(raw: RawManifest, root: JsonObject): boolean {
  return root.schemaVersion === 1 || /distribution\.manifest\.v1\+(?:prettyjws|json)$/.test(raw.mediaType ?? "");
}

/** A type that we know must agree with what the document is; containerd refuses the others too. */
function checkType(mediaType: string | undefined, isIndex: boolean): void {
  const position = mediaType === undefined ? -1 : manifestTypes.indexOf(mediaType);
  if (position < 0 || position < 2 === isIndex) return;
  throw refuse("the media type of its manifest does not fit its contents");
}

function refuse(why: string, hint?: string): LuakitError {
  return new LuakitError("image.resolve", why, { hint });
}

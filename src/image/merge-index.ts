import { LuakitError } from "../diagnostic/luakit-error.ts";
import { digestOf } from "./digest.ts";
import { isObject, type JsonObject, parseObject, textMember } from "./json.ts";

const ociIndex = "application/vnd.oci.image.index.v1+json";
const dockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
const dockerTypes = "application/vnd.docker.";

/** An index as it is pushed. */
export interface MergedIndex {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/**
 * One index of all that several indexes hold, byte for byte as `docker buildx imagetools create` makes it: entries in
 * their order, attestations with the images that they are of, each manifest once. Annotations of the indexes are merged;
 * the first one that sets a key counts. Throws "image.push".
 */
export function mergeIndexes(indexes: readonly Uint8Array[]): MergedIndex {
  const parsed = indexes.map(parseIndex);
  const entries = new Map<string, JsonObject>();
  for (const entry of parsed.flatMap(({ manifests }) => manifests)) {
    const digest = textMember(entry, "digest") ?? "";
    const known = entries.get(digest);
    entries.set(digest, known === undefined ? entry : mergeEntries(known, entry));
  }
  const manifests = [...entries.values()];
  const isDocker = manifests.every((entry) => textMember(entry, "mediaType")?.startsWith(dockerTypes));
  const mediaType = isDocker ? dockerList : ociIndex;
  const annotations = Object.assign({}, ...parsed.map((each) => each.annotations).reverse());
  const isAnnotated = !isDocker && Object.keys(annotations).length > 0;
  const index = {
    schemaVersion: 2,
    mediaType,
    manifests,
    ...(isAnnotated && { annotations: sortKeys(annotations) }),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(index, null, 2).replace(/[<>&\u2028\u2029]/g, escapeAsGo));
  return { mediaType, digest: digestOf(bytes), bytes };
}

interface ParsedIndex {
  readonly manifests: readonly JsonObject[];
  readonly annotations: JsonObject;
}

function parseIndex(bytes: Uint8Array): ParsedIndex {
  const { manifests, annotations } = parseObject(bytes) ?? {};
  if (!Array.isArray(manifests)) throw new LuakitError("image.push", "a node's image is not an index");
  return { manifests: manifests.filter(isObject), annotations: isObject(annotations) ? annotations : {} };
}

/** The same manifest twice: the later platform and annotations count, as with buildx. */
function mergeEntries(known: JsonObject, entry: JsonObject): JsonObject {
  const [left, right] = [known.annotations, entry.annotations].map((each) => (isObject(each) ? each : {}));
  const annotations = sortKeys({ ...left, ...right });
  const platform = entry.platform ?? known.platform;
  return {
    ...known,
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(platform !== undefined && { platform }),
  };
}

/** Go writes maps in the order of their keys' bytes. */
function sortKeys(object: JsonObject): JsonObject {
  const entries = Object.entries(object);
  return Object.fromEntries(entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}

/** Go's JSON has no character that means something to HTML. */
function escapeAsGo(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

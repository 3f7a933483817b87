import { LuakitError } from "../diagnostic/luakit-error.ts";
import { isObject, type JsonObject, parseObject, textMember } from "../image/json.ts";
import type { Channel } from "../rpc/channel.ts";
import { statusOf } from "../rpc/status.ts";
import type { Attachment, BuildRecord } from "./build-record.ts";
import { readWholeContent } from "./content-blob.ts";

const indexes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** What a build made, and what the indexes among it hold, as far as the daemon has them still. */
export async function listAttachments(channel: Channel, { results }: BuildRecord): Promise<readonly Attachment[]> {
  const found = new Map<string, Attachment>();
  for (const result of results) {
    for (const attachment of [result, ...(await readIndex(channel, result))]) {
      const key = `${attachment.digest} ${attachment.platform ?? ""}`;
      if (!found.has(key)) found.set(key, attachment);
    }
  }
  return [...found.values()];
}

/** The bytes of an attachment. Throws `history.missing` when the daemon has dropped them. */
export async function readAttachment(channel: Channel, { digest, type }: Attachment): Promise<Uint8Array> {
  try {
    return await readWholeContent(channel, digest);
  } catch (cause) {
    if (statusOf(cause) === undefined) throw cause;
    throw new LuakitError("history.missing", `the daemon has not kept ${type} (${digest})`, { cause });
  }
}

async function readIndex(channel: Channel, index: Attachment): Promise<readonly Attachment[]> {
  if (!indexes.includes(index.mediaType)) return [];
  try {
    const manifests = parseObject(await readWholeContent(channel, index.digest))?.manifests;
    const entries = Array.isArray(manifests) ? manifests.filter(isObject) : [];
    return entries.filter((entry) => annotationsOf(entry)[attestationMark] === undefined).map(readEntry);
  } catch (error) {
    // The history keeps a reference, but the image may be gone.
    if (statusOf(error) !== undefined) return [];
    throw error;
  }
}

/** Manifests of attestations hold what the record lists itself. */
const attestationMark = "vnd.docker.reference.type";

function readEntry(entry: JsonObject): Attachment {
  const { os, architecture, variant } = isObject(entry.platform) ? entry.platform : {};
  const platform = [os, architecture, variant].filter((part) => typeof part === "string" && part !== "").join("/");
  const mediaType = textMember(entry, "mediaType") ?? "";
  return {
    mediaType,
    type: mediaType,
    digest: textMember(entry, "digest") ?? "",
    size: typeof entry.size === "number" ? entry.size : 0,
    annotations: annotationsOf(entry),
    platform: platform || undefined,
  };
}

function annotationsOf(entry: JsonObject): Readonly<Record<string, string>> {
  const annotations = isObject(entry.annotations) ? Object.entries(entry.annotations) : [];
  return Object.fromEntries(annotations.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Platform } from "../oci/platform.ts";
import { type ContentSource, type ImageContent, readImage } from "./content.ts";
import { hasDigest } from "./digest.ts";
import { parseObject } from "./json.ts";
import { type Descriptor, parseDescriptors } from "./manifest.ts";
import { isDigest } from "./reference.ts";

const maxDocument = 8 * 1024 * 1024;
const tagKey = "org.opencontainers.image.ref.name";
const nameKey = "io.containerd.image.name";

/**
 * The image with a tag or digest in an OCI layout directory. Without one: `latest`, or the only image that there is.
 * Reads nothing outside the directory, whatever symlinks say. Throws "image.resolve".
 */
export async function readOciLayout(directory: string, platform: Platform, reference?: string): Promise<ImageContent> {
  const root = await realpath(directory).catch((cause: unknown) => {
    throw new LuakitError("image.resolve", `the OCI layout ${directory} does not exist`, { cause });
  });
  const source = openLayout(root, directory);
  try {
    const digest = await findDigest(root, directory, reference);
    return await readImage(source, digest, platform);
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    throw new LuakitError(error.code, `the OCI layout ${directory}: ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}

function openLayout(root: string, directory: string): ContentSource {
  const blob = async (digest: string) => {
    const [algorithm = "", encoded = ""] = digest.split(":");
    const bytes = await readInside(root, join("blobs", algorithm, encoded));
    if (bytes !== undefined && hasDigest(bytes, digest)) return bytes;
    const why = bytes === undefined ? "is missing" : "is damaged: its contents do not have this digest";
    throw new LuakitError("image.resolve", `the blob ${digest} ${why}`, {
      hint: `write the layout ${directory} again`,
    });
  };
  return {
    manifest: async (digest) => ({ digest, mediaType: undefined, bytes: await blob(digest) }),
    blob: (descriptor) => blob(descriptor.digest),
  };
}

async function findDigest(root: string, directory: string, reference: string | undefined): Promise<string> {
  const bytes = await readInside(root, "index.json");
  const index = bytes === undefined ? undefined : parseObject(bytes);
  if (index === undefined) {
    const why = bytes === undefined ? "there is no index.json" : "index.json is not a JSON object";
    throw new LuakitError("image.resolve", why, { hint: `check that ${directory} is an OCI layout` });
  }
  if (reference !== undefined && isDigest(reference)) return reference;
  const entries = parseDescriptors(index.manifests);
  const tag = reference ?? "latest";
  const found = entries.find((entry) => namesOf(entry).includes(tag));
  const only = reference === undefined && entries.length === 1 ? entries[0] : undefined;
  const chosen = found ?? only;
  if (chosen !== undefined) return chosen.digest;
  const tags = entries.flatMap(namesOf);
  throw new LuakitError("image.resolve", `there is no "${tag}"`, {
    hint: tags.length === 0 ? "name the image by its digest" : `it has ${[...new Set(tags)].sort().join(", ")}`,
  });
}

function namesOf({ annotations }: Descriptor): readonly string[] {
  return [annotations.get(nameKey), annotations.get(tagKey)].filter((name) => name !== undefined);
}

/** The file's bytes; undefined when there is no such file. */
async function readInside(root: string, name: string): Promise<Uint8Array | undefined> {
  const path = await realpath(join(root, name)).catch(() => undefined);
  if (path === undefined) return undefined;
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new LuakitError("image.resolve", `${name} points outside the layout`);
  }
  const file = Bun.file(path);
  const { size } = await file.stat();
  if (size > maxDocument) throw new LuakitError("image.resolve", `${name} is larger than 8 MiB`);
  return file.slice(0, maxDocument).bytes();
}

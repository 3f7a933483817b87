import { parseObject } from "../image/json.ts";
import { parsePlatform } from "../oci/platform.ts";
import { boolean, choice, epoch, flag, integer, someText, text } from "./attribute-checks.ts";
import type { Attribute, AttributeTable } from "./attributes.ts";
import { compression } from "./compression.ts";

/** The exporters that `--output` names, but for aliases. */
export type ExporterType = "image" | "oci" | "docker" | "local" | "tar";

const json: Attribute = {
  check: (value) => (parseObject(value) === undefined ? "expected a JSON object" : undefined),
};

const commit: AttributeTable = {
  name: someText,
  "oci-mediatypes": boolean,
  "oci-artifact": boolean,
  "attestation-inline": boolean,
  "prefer-nondist-layers": boolean,
  "source-date-epoch": epoch,
  "rewrite-timestamp": boolean,
  compression,
  "force-compression": flag,
  "compression-level": integer,
  "containerimage.config": json,
  "containerimage.base.config": json,
  "refs.platforms": json,
  "prefer-image-digest": boolean,
};

const files: AttributeTable = {
  dest: someText,
  "platform-split": boolean,
  "attestation-prefix": text,
  "source-date-epoch": epoch,
};

const tables: Readonly<Record<ExporterType, AttributeTable>> = {
  image: {
    ...commit,
    push: flag,
    "push-by-digest": flag,
    "registry.insecure": flag,
    unpack: flag,
    store: flag,
    "dangling-name-prefix": someText,
    "danging-name-empty-only": flag,
    "name-canonical": flag,
    "unsafe-internal-store-allow-incomplete": flag,
  },
  oci: { ...commit, dest: someText, tar: flag },
  docker: { ...commit, dest: someText, tar: flag, context: someText },
  local: { ...files, mode: choice("copy", "delete") },
  tar: files,
};

const levels = ["index", "index-descriptor", "manifest", "manifest-descriptor"];

/** What an exporter may be given, and more keys of `given` that its grammars allow: annotations, configs of platforms. */
export function exporterAttributes(type: ExporterType, given: Iterable<string>): AttributeTable {
  const table = tables[type];
  if (type === "local" || type === "tar") return table;
  const more = [...given].flatMap((key) => {
    if (key.startsWith("annotation")) return annotationProblem(key) === undefined ? [[key, text]] : [];
    return /^containerimage\.(base\.)?config\/./.test(key) ? [[key, json]] : [];
  });
  return { ...table, ...Object.fromEntries(more) };
}

/** What is wrong with the exporter's attribute `key` as an annotation (client.md §4.1); undefined when nothing is. */
export function annotationProblem(key: string): string | undefined {
  const match = /^annotation(?:-([a-z-]+))?(?:\[([A-Za-z0-9_/-]+)\])?\.(\S+)$/.exec(key);
  if (match === null) return "it is not annotation[-LEVEL][[PLATFORM]].KEY";
  const [, level, platform] = match;
  if (level !== undefined && !levels.includes(level)) return `"${level}" is no level: ${levels.join(", ")}`;
  try {
    if (platform !== undefined) parsePlatform(platform);
    return undefined;
  } catch {
    return `"${platform}" is not a platform`;
  }
}

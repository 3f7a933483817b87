import { type Suggestions, words } from "./suggestions.ts";

/** What the value of one key of a list is: these words, or the name of a file. */
export type AttributeValues = readonly string[] | "files" | "variables" | "free";

/** The lists `key=value,key=value` that some flags take. */
const lists: Readonly<Record<string, Readonly<Record<string, AttributeValues>>>> = {
  output: {
    type: ["image", "local", "tar", "oci", "docker", "registry", "cacheonly"],
    dest: "files",
    name: "free",
    push: ["true"],
    compression: ["gzip", "estargz", "zstd", "uncompressed"],
    "oci-mediatypes": ["true", "false"],
    "rewrite-timestamp": ["true"],
  },
  secret: { id: "free", src: "files", env: "variables" },
  "cache-from": {
    type: ["registry", "local", "gha", "s3", "azblob"],
    ref: "free",
    src: "files",
    scope: "free",
  },
  "cache-to": {
    type: ["registry", "inline", "local", "gha", "s3", "azblob"],
    mode: ["min", "max"],
    ref: "free",
    dest: "files",
    scope: "free",
  },
  attest: { type: ["sbom", "provenance"], mode: ["min", "max"], generator: "free" },
  provenance: { mode: ["min", "max"] },
  sbom: { generator: "free" },
  "registry-auth-tlscontext": { host: "free", ca: "files", cert: "files", key: "files", insecure: ["true", "false"] },
};

/** The list of a flag, by the flag's name. */
export function attributesOf(flag: string): Readonly<Record<string, AttributeValues>> | undefined {
  const twins: Readonly<Record<string, string>> = { "import-cache": "cache-from", "export-cache": "cache-to" };
  return lists[twins[flag] ?? flag];
}

/** What continues a list. `free` names what only the caller knows, by key. */
export function suggestAttributes(
  attributes: Readonly<Record<string, AttributeValues>>,
  text: string,
  free: (key: string) => Promise<readonly string[]>,
  variables: readonly string[],
): Promise<Suggestions> | Suggestions {
  const start = text.lastIndexOf(",") + 1;
  const part = text.slice(start);
  const equals = part.indexOf("=");
  if (equals < 0) {
    const given = new Set(text.slice(0, start).split(/=[^,]*,?/));
    const open = Object.keys(attributes).filter((key) => !given.has(key));
    const candidates = open.map((key) => ({ value: `${key}=`, open: true as const }));
    return { prefix: text.slice(0, start), candidates };
  }
  const prefix = text.slice(0, start + equals + 1);
  const values = attributes[part.slice(0, equals)];
  if (values === "files") return { prefix, candidates: [], files: "any" };
  if (values === "variables") return { prefix, candidates: words(...variables) };
  if (values === "free") return free(part.slice(0, equals)).then((each) => ({ prefix, candidates: words(...each) }));
  return { prefix, candidates: words(...(values ?? [])) };
}

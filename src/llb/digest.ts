import { invalid } from "./invalid.ts";

/** A content digest as BuildKit writes it: `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** Whether `text` is a whole sha256 digest in lower case. */
export function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** `text` as a Digest, or an error that names `what`. */
export function parseDigest(what: string, text: string): Digest {
  if (isDigest(text)) return text;
  const hint = /^[0-9a-f]{64}$/.test(text) ? `write "sha256:${text}"` : undefined;
  throw invalid(`${what}: expected "sha256:" and 64 lower-case hexadecimal digits, got "${text}"`, hint);
}

/** The digest of some bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${Bun.SHA256.hash(bytes, "hex")}`;
}

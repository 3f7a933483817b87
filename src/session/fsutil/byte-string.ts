/**
 * Bytes, one character (U+0000 to U+00FF) each, most often those of a UTF-8 text. Paths are kept so: names that are no
 * UTF-8 survive, `<` is the byte order that the protocol asks for, and ASCII text is itself.
 */
export type ByteString = string;

const beyondAscii = /[\u0080-\uffff]/;

/** The UTF-8 bytes of a text. */
export function toByteString(text: string): ByteString {
  return beyondAscii.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text;
}

/** The text of UTF-8 bytes; what is no UTF-8 becomes U+FFFD. */
export function toText(bytes: ByteString): string {
  return beyondAscii.test(bytes) ? Buffer.from(bytes, "latin1").toString("utf8") : bytes;
}

/** A path as node:fs takes it. */
export function systemPath(path: ByteString): string | Buffer {
  return beyondAscii.test(path) ? Buffer.from(path, "latin1") : path;
}

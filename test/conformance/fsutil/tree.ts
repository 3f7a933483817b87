import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type ByteString, systemPath } from "../../../src/session/fsutil/byte-string.ts";
import type { Libc } from "../../../src/session/fsutil/libc.ts";

/** Undoes the percent encoding that the cases have where a text is not plain. */
export function decode(text: string): ByteString {
  return text.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

export function encode(bytes: ByteString): string {
  return bytes.replace(/[^!-$&-~]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Makes a tree from lines in the words of `makeTree` in go/tree.go. */
export function makeTree(root: string, lines: readonly string[], libc: Libc): void {
  mkdirSync(root, { mode: 0o755 });
  for (const line of lines) {
    const [path = "", kind, value = ""] = line.split(" ").map(decode);
    makeEntry(root, path, kind, value, libc);
  }
}

function makeEntry(root: string, path: ByteString, kind: string | undefined, value: ByteString, libc: Libc): void {
  const place = systemPath(`${root}/${path}`);
  mkdirSync(systemPath(dirname(`${root}/${path}`)), { recursive: true });
  if (kind === ":") chmodSync(place, Number.parseInt(value, 8));
  else if (path.endsWith("/")) mkdirSync(place, { recursive: true });
  else if (kind === "->") symlinkSync(systemPath(value), place);
  else if (kind === "=") linkSync(systemPath(`${root}/${value}`), place);
  else if (kind === "|") libc.makeNode(`${root}/${path}`, 0o010644, 0, 0);
  else if (kind === "@") libc.makeNode(`${root}/${path}`, 0o140644, 0, 0);
  else writeFileSync(place, Buffer.from(path, "latin1"));
}

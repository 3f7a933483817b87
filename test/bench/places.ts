import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

const mebibyte = 1024 * 1024;

/** Random bytes, which no file system and no transfer can make smaller. */
export function fill(path: string, mebibytes: number): void {
  const descriptor = openSync(path, "w");
  const piece = new Uint8Array(mebibyte);
  for (let count = 0; count < mebibytes; count++) {
    for (let at = 0; at < mebibyte; at += 65536) crypto.getRandomValues(piece.subarray(at, at + 65536));
    writeSync(descriptor, piece);
  }
  closeSync(descriptor);
}

/** Small files of different sizes, 100 in each directory. */
export function writeMany(directory: string, count: number): void {
  for (let index = 0; index < count; index++) {
    const place = join(directory, `d${Math.floor(index / 100)}`);
    if (index % 100 === 0) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `f${index}`), `${index}\n`.repeat(1 + (index % 200)));
  }
}

/** Writes texts by their names below a directory, and gives the directory. */
export function writeTexts(directory: string, texts: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(texts)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return directory;
}

/** One entry of an archive; `path` and link targets are at most 100 bytes of ASCII. */
export interface TarEntry {
  readonly path: string;
  readonly type: "file" | "directory" | "symlink";
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly data?: Uint8Array;
  readonly target?: string;
}

const block = 512;
const typeFlags = { file: "0", symlink: "2", directory: "5" } as const;

/** A ustar archive; the same entries give the same bytes, because every time is 0. */
export function formatTar(entries: readonly TarEntry[]): Uint8Array {
  const parts = entries.flatMap((entry) => [formatHeader(entry), pad(entry.data ?? new Uint8Array())]);
  return new Uint8Array(Buffer.concat([...parts, new Uint8Array(2 * block)]));
}

export function directory(path: string, mode = 0o755, uid = 0): TarEntry {
  return { path: `${path}/`, type: "directory", mode, uid, gid: uid };
}

export function file(path: string, data: string | Uint8Array, mode = 0o644): TarEntry {
  return { path, type: "file", mode, data: typeof data === "string" ? new TextEncoder().encode(data) : data };
}

export function symlink(path: string, target: string): TarEntry {
  return { path, type: "symlink", mode: 0o777, target };
}

function formatHeader(entry: TarEntry): Uint8Array {
  const header = Buffer.alloc(block);
  header.write(entry.path, 0, 100, "latin1");
  header.write(octal(entry.mode, 8), 100);
  header.write(octal(entry.uid ?? 0, 8), 108);
  header.write(octal(entry.gid ?? 0, 8), 116);
  header.write(octal(entry.data?.length ?? 0, 12), 124);
  header.write(octal(0, 12), 136);
  header.write(" ".repeat(8), 148);
  header.write(typeFlags[entry.type], 156);
  header.write(entry.target ?? "", 157, 100, "latin1");
  header.write("ustar\u000000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function pad(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(data.length / block) * block);
  padded.set(data);
  return padded;
}

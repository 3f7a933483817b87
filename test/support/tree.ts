/** One entry of an exported file tree. */
export interface TreeEntry {
  /** Without a leading or trailing slash. */
  readonly path: string;
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "other";
  /** Permission bits as four octal digits: `"0755"`. */
  readonly mode: string;
  /** `uid:gid`. */
  readonly owner: string;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** What a symlink or hardlink names; otherwise "". */
  readonly target: string;
  readonly data: Uint8Array;
}

/** A file tree as the tar exporter wrote it. Paths may be given with a leading slash. */
export interface Tree {
  /** Sorted by code unit. */
  readonly paths: readonly string[];
  /** Throws when there is no such path, and says what there is. */
  entry(path: string): TreeEntry;
  /** The contents of a file; a hardlink is followed. */
  text(path: string): string;
  has(path: string): boolean;
}

/** Reads a tar archive as Go's archive/tar writes it: ustar headers with PAX records before them. */
export function readTree(archive: Uint8Array): Tree {
  const entries = new Map(readEntries(archive).map((entry) => [entry.path, entry]));
  const paths = [...entries.keys()].sort();
  const find = (path: string) => {
    const found = entries.get(cleanPath(path));
    if (found === undefined) throw new Error(`no ${path} in the tree, which has ${paths.join(" ")}`);
    return found;
  };
  const text = (path: string): string => {
    const found = find(path);
    return found.type === "hardlink" ? text(found.target) : new TextDecoder().decode(found.data);
  };
  return { paths, entry: find, text, has: (path) => entries.has(cleanPath(path)) };
}

type Records = ReadonlyMap<string, string>;
const types: Readonly<Record<string, TreeEntry["type"]>> = {
  "0": "file",
  "\0": "file",
  "1": "hardlink",
  "2": "symlink",
  "5": "directory",
};

function readEntries(archive: Uint8Array): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let records: Records = new Map();
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + 512);
    const size = Number(records.get("size") ?? octal(header, 124, 12));
    const data = archive.subarray(at + 512, at + 512 + size);
    const kind = field(header, 156, 1);
    at += 512 + Math.ceil(size / 512) * 512;
    if (kind === "x") {
      records = parseRecords(data);
    } else {
      if (kind !== "g") entries.push(describe(header, records, data));
      records = new Map();
    }
  }
  return entries;
}

function describe(header: Uint8Array, records: Records, data: Uint8Array): TreeEntry {
  const prefix = field(header, 345, 155);
  const name = field(header, 0, 100);
  const id = (key: string, at: number) => records.get(key) ?? String(octal(header, at, 8));
  return {
    path: cleanPath(records.get("path") ?? (prefix === "" ? name : `${prefix}/${name}`)),
    type: types[field(header, 156, 1) || "0"] ?? "other",
    mode: (octal(header, 100, 8) & 0o7777).toString(8).padStart(4, "0"),
    owner: `${id("uid", 108)}:${id("gid", 116)}`,
    mtime: Number(records.get("mtime") ?? octal(header, 136, 12)),
    target: records.get("linkpath") ?? field(header, 157, 100),
    data,
  };
}

/** `length key=value\n` records; the length counts the whole record. */
function parseRecords(data: Uint8Array): Records {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const length = Number.parseInt(new TextDecoder().decode(data.subarray(at, at + 20)), 10);
    const record = new TextDecoder().decode(data.subarray(at, at + length - 1));
    const [, key = "", value = ""] = /^\d+ ([^=]+)=(.*)$/s.exec(record) ?? [];
    records.set(key, value);
    at += length;
  }
  return records;
}

function field(header: Uint8Array, at: number, length: number): string {
  const text = new TextDecoder().decode(header.subarray(at, at + length));
  const end = text.indexOf("\0");
  return end === -1 ? text : text.slice(0, end);
}

function octal(header: Uint8Array, at: number, length: number): number {
  return Number.parseInt(field(header, at, length).trim() || "0", 8);
}

function cleanPath(path: string): string {
  return path.replace(/^(\.?\/)+|\/+$/g, "");
}

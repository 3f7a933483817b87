import { Writer } from "../wire/writer.ts";
import type { Definition, DefinitionOp } from "./definition.ts";
import type { Digest } from "./digest.ts";
import type { Location, SourceFile } from "./location.ts";
import type { Metadata } from "./metadata.ts";
import { sortedEntries } from "./order.ts";

/** What a script's files are called to those who print them. */
const language = "Lua";

/** The bytes of a pb.Definition. Scratch has none. checkSize tells whether a daemon takes them. */
export function encodeDefinition(definition: Definition): Uint8Array<ArrayBuffer> {
  const { bytes, ops, terminal } = definition;
  if (terminal === undefined) return new Uint8Array();
  const writer = new Writer(bytes.length + 256 * (ops.length + 16));
  writer.raw(bytes);
  const sorted = sortByDigest(ops);
  writeMetadata(writer, sorted, terminal, terminalCaps(ops));
  writeSource(writer, sorted, definition.sources);
  return writer.view(0);
}

/** More ops than this are sorted by numbers; below, getting the means ready takes longer than the sorting. */
const manyOps = 500;

// Numbers made of a digest's first 32 bits and the op's place sort many times faster than texts.
function sortByDigest(ops: readonly DefinitionOp[]): readonly DefinitionOp[] {
  const places = 2 ** 21;
  if (ops.length < manyOps || ops.length > places) return [...ops].sort(byDigest);
  const keys = new Float64Array(ops.length);
  for (let at = 0; at < ops.length; at++) {
    keys[at] = Number.parseInt(ops[at]?.digest.slice(7, 15) ?? "", 16) * places + at;
  }
  keys.sort();
  const sorted: DefinitionOp[] = [];
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? 0;
    const op = ops[key % places];
    if (op === undefined) continue;
    sorted.push(op);
    // Digests that share those bits may still be in the wrong order.
    if (at > 0 && key - (keys[at - 1] ?? 0) < places) settleLast(sorted);
  }
  return sorted;
}

/** Moves the last one to its place among those before it, which are in order. */
function settleLast(sorted: DefinitionOp[]): void {
  for (let at = sorted.length - 1; at > 0; at--) {
    const [before, last] = [sorted[at - 1], sorted[at]];
    if (before === undefined || last === undefined || before.digest < last.digest) return;
    sorted[at - 1] = last;
    sorted[at] = before;
  }
}

function byDigest(left: DefinitionOp, right: DefinitionOp): number {
  return left.digest < right.digest ? -1 : 1;
}

// pb.Definition.metadata: pb.OpMetadata by digest.
function writeMetadata(
  writer: Writer,
  sorted: readonly DefinitionOp[],
  terminal: Digest,
  caps: readonly string[],
): void {
  const frames = new Map<readonly string[], Frame>();
  const entries = new Entries(writer);
  let written = false;
  for (let at = 0; at < sorted.length; at++) {
    const op = sorted[at];
    if (op === undefined) continue;
    if (!written && terminal < op.digest) {
      entries.add(terminal, frameOfMetadata(undefined, caps));
      written = true;
    }
    let frame = frames.get(op.caps);
    if (frame === undefined || op.metadata !== undefined) {
      frame = frameOfMetadata(op.metadata, op.caps);
      if (op.metadata === undefined) frames.set(op.caps, frame);
    }
    entries.add(op.digest, frame);
  }
  if (!written) entries.add(terminal, frameOfMetadata(undefined, caps));
  entries.finish();
}

/** What is around the digest in an entry of a map, as texts of bytes. */
interface Frame {
  readonly before: string;
  readonly after: string;
}

/** Entries of a map by digest. Most have one of a few frames, so each is little more than a text; many are written at once. */
class Entries {
  private readonly writer: Writer;
  private pending = "";

  constructor(writer: Writer) {
    this.writer = writer;
  }

  add(digest: Digest, frame: Frame): void {
    this.pending = `${this.pending}${frame.before}${digest}${frame.after}`;
    if (this.pending.length > 8192) this.finish();
  }

  finish(): void {
    this.writer.latin1(this.pending);
    this.pending = "";
  }
}

/** Stands where an entry's digest goes. */
const anyDigest = `sha256:${"0".repeat(64)}`;

/** The frame of an entry with what `write` gives it besides its digest. */
function frameOf(field: number, write: (writer: Writer) => void): Frame {
  const writer = new Writer(256);
  const entry = writer.begin(field);
  writer.text(1, anyDigest);
  write(writer);
  writer.end(entry);
  const text = Buffer.from(writer.view(0)).toString("latin1");
  // The first one: a name or a description may have the same text.
  const at = text.indexOf(anyDigest);
  return { before: text.slice(0, at), after: text.slice(at + anyDigest.length) };
}

function frameOfMetadata(metadata: Metadata | undefined, caps: readonly string[]): Frame {
  return frameOf(2, (writer) => {
    const mark = writer.begin(2);
    writeOpMetadata(writer, metadata, caps);
    writer.end(mark);
  });
}

function writeOpMetadata(writer: Writer, metadata: Metadata | undefined, caps: readonly string[]): void {
  writer.flag(1, metadata?.ignoreCache ?? false);
  if (metadata?.description !== undefined) writer.map(2, sortedEntries(metadata.description));
  if (metadata?.exportCache !== undefined) {
    const mark = writer.begin(4);
    writer.flag(1, metadata.exportCache);
    writer.end(mark);
  }
  for (let at = 0; at < caps.length; at++) {
    const mark = writer.begin(5);
    writer.text(1, caps[at] ?? "");
    writer.flag(2, true);
    writer.end(mark);
  }
  if (metadata?.progressGroup !== undefined) {
    const mark = writer.begin(6);
    writer.text(1, metadata.progressGroup.id);
    writer.text(2, metadata.progressGroup.name);
    writer.flag(3, metadata.progressGroup.weak ?? false);
    writer.end(mark);
  }
  if (metadata?.linuxResources === undefined) return;
  const mark = writer.begin(7);
  writer.raw(metadata.linuxResources);
  writer.end(mark);
}

function terminalCaps(ops: readonly DefinitionOp[]): readonly string[] {
  let [description, exportCache, ignoreCache] = [false, false, false];
  for (let at = 0; at < ops.length; at++) {
    const metadata = ops[at]?.metadata;
    if (metadata === undefined) continue;
    description ||= metadata.description !== undefined;
    exportCache ||= metadata.exportCache !== undefined;
    ignoreCache ||= metadata.ignoreCache === true;
  }
  const caps = ["constraints"];
  if (description) caps.push("meta.description");
  if (exportCache) caps.push("meta.exportcache");
  if (ignoreCache) caps.push("meta.ignorecache");
  caps.push("platform");
  return caps;
}

// pb.Source. Like Go's client, an op without a place has an empty entry.
function writeSource(writer: Writer, sorted: readonly DefinitionOp[], sources: readonly SourceFile[]): void {
  const numbers = new Map(sources.map((source, number) => [source, number]));
  const mark = writer.begin(3);
  // Ops that a loop made are at the same place.
  const frames = new Map<readonly Location[], Frame>();
  const entries = new Entries(writer);
  for (let at = 0; at < sorted.length; at++) {
    const op = sorted[at];
    if (op === undefined) continue;
    let frame = frames.get(op.locations);
    if (frame === undefined) {
      frame = frameOf(1, (own) => writeLocations(own, op.locations, numbers));
      frames.set(op.locations, frame);
    }
    entries.add(op.digest, frame);
  }
  entries.finish();
  for (const source of sources) {
    const info = writer.begin(2);
    writer.text(1, source.name);
    writer.text(2, source.data);
    if (source.definition !== undefined) writer.data(3, source.definition);
    writer.text(4, source.language ?? language);
    writer.end(info);
  }
  writer.end(mark);
}

function writeLocations(
  writer: Writer,
  locations: readonly Location[],
  numbers: ReadonlyMap<SourceFile, number>,
): void {
  const mark = writer.begin(2);
  for (const location of locations) writeLocation(writer, location, numbers);
  writer.end(mark);
}

function writeLocation(writer: Writer, innermost: Location, numbers: ReadonlyMap<SourceFile, number>): void {
  for (let at: Location | undefined = innermost; at !== undefined; at = at.caller) {
    const number = numbers.get(at.source);
    // A daemon falls over a number that names no file.
    if (number === undefined) throw new Error(`the source map lacks ${at.source.name}`);
    const location = writer.begin(1);
    writer.number(1, number);
    if (at.ranges === undefined) writeRange(writer, at.line, 0, at.line, 0);
    else
      for (const { start, end } of at.ranges) writeRange(writer, start.line, start.character, end.line, end.character);
    writer.end(location);
  }
}

function writeRange(writer: Writer, line: number, character: number, endLine: number, endCharacter: number): void {
  const range = writer.begin(2);
  writePosition(writer, 1, line, character);
  writePosition(writer, 2, endLine, endCharacter);
  writer.end(range);
}

// pb.Position, as the start or the end of a pb.Range.
function writePosition(writer: Writer, field: number, line: number, character: number): void {
  const mark = writer.begin(field);
  writer.number(1, line);
  writer.number(2, character);
  writer.end(mark);
}

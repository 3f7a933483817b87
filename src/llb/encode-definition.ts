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
  for (const [at, { digest }] of ops.entries()) keys[at] = Number.parseInt(digest.slice(7, 15), 16) * places + at;
  const sorted = Array.from(keys.sort(), (key) => ops[key % places]).filter((op) => op !== undefined);
  // Digests that share those bits may still be in the wrong order.
  const misplaced = sorted.some((op, at) => op.digest < (sorted[at - 1]?.digest ?? ""));
  return misplaced ? sorted.sort(byDigest) : sorted;
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
  const encodedCaps = new Map<readonly string[], EncodedCaps>();
  const write = (digest: Digest, metadata: Metadata | undefined, used: readonly string[]) => {
    const encoded = encodedCaps.get(used) ?? encodeCaps(used);
    encodedCaps.set(used, encoded);
    const entry = writer.begin(2);
    writer.text(1, digest);
    if (metadata === undefined) writer.raw(encoded.message);
    else {
      const mark = writer.begin(2);
      writeOpMetadata(writer, metadata, encoded.caps);
      writer.end(mark);
    }
    writer.end(entry);
  };
  let written = false;
  for (const op of sorted) {
    if (!written && terminal < op.digest) {
      write(terminal, undefined, caps);
      written = true;
    }
    write(op.digest, op.metadata, op.caps);
  }
  if (!written) write(terminal, undefined, caps);
}

function writeOpMetadata(writer: Writer, metadata: Metadata | undefined, caps: Uint8Array): void {
  writer.flag(1, metadata?.ignoreCache ?? false);
  if (metadata?.description !== undefined) writer.map(2, sortedEntries(metadata.description));
  if (metadata?.exportCache !== undefined) {
    const mark = writer.begin(4);
    writer.flag(1, metadata.exportCache);
    writer.end(mark);
  }
  writer.raw(caps);
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

/** Capabilities as fields of pb.OpMetadata, and as all that an op's metadata says. */
interface EncodedCaps {
  readonly caps: Uint8Array;
  readonly message: Uint8Array;
}

function encodeCaps(caps: readonly string[]): EncodedCaps {
  const writer = new Writer(256);
  const message = writer.begin(2);
  for (const cap of caps) {
    const mark = writer.begin(5);
    writer.text(1, cap);
    writer.flag(2, true);
    writer.end(mark);
  }
  const fields = writer.view(message).slice();
  writer.end(message);
  return { caps: fields, message: writer.view(0) };
}

function terminalCaps(ops: readonly DefinitionOp[]): readonly string[] {
  const caps = ["constraints"];
  if (ops.some(({ metadata }) => metadata?.description !== undefined)) caps.push("meta.description");
  if (ops.some(({ metadata }) => metadata?.exportCache !== undefined)) caps.push("meta.exportcache");
  if (ops.some(({ metadata }) => metadata?.ignoreCache)) caps.push("meta.ignorecache");
  return [...caps, "platform"];
}

// pb.Source. Like Go's client, an op without a place has an empty entry.
function writeSource(writer: Writer, sorted: readonly DefinitionOp[], sources: readonly SourceFile[]): void {
  const numbers = new Map(sources.map((source, number) => [source, number]));
  const mark = writer.begin(3);
  // Ops that a loop made are at the same place.
  let last: { readonly locations: readonly Location[]; readonly bytes: Uint8Array } | undefined;
  for (const { digest, locations } of sorted) {
    const entry = writer.begin(1);
    writer.text(1, digest);
    if (last?.locations !== locations) last = { locations, bytes: encodeLocations(locations, numbers) };
    writer.raw(last.bytes);
    writer.end(entry);
  }
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

function encodeLocations(locations: readonly Location[], numbers: ReadonlyMap<SourceFile, number>): Uint8Array {
  const writer = new Writer(64);
  const mark = writer.begin(2);
  for (const location of locations) writeLocation(writer, location, numbers);
  writer.end(mark);
  return writer.view(0);
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

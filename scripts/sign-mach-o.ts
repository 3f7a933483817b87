import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const commands = { segment: 0x19, signature: 0x1d } as const;
const headerBytes = 32;
const pageBytes = 4096;
const hashBytes = 32;
/** What a segment takes in memory is a multiple of it, on every processor. */
const segmentBytes = 0x4000;

/**
 * Signs an executable for macOS ad hoc, as its linker does: with the hashes of its pages and nobody's name. It takes
 * the place of the signature that the executable has.
 */
export function signMachO(path: string, identifier: string): void {
  const file = readFileSync(path);
  const signature = findCommand(file, commands.signature);
  const codeBytes = file.readUInt32LE(signature + 8);
  const size = signatureBytes(codeBytes, identifier);
  const signed = Buffer.alloc(codeBytes + size);
  file.copy(signed, 0, 0, codeBytes);
  // These are hashed, too.
  signed.writeUInt32LE(size, signature + 12);
  const linkEdit = findCommand(file, commands.segment, "__LINKEDIT");
  const linkEditBytes = BigInt(signed.length) - file.readBigUInt64LE(linkEdit + 40);
  signed.writeBigUInt64LE(linkEditBytes, linkEdit + 48);
  signed.writeBigUInt64LE(roundUp(linkEditBytes), linkEdit + 32);
  const text = findCommand(file, commands.segment, "__TEXT");
  const limits = { start: file.readBigUInt64LE(text + 40), bytes: file.readBigUInt64LE(text + 48) };
  writeSignature(signed.subarray(0, codeBytes), signed.subarray(codeBytes), identifier, limits);
  writeFileSync(path, signed);
}

function roundUp(bytes: bigint): bigint {
  const unit = BigInt(segmentBytes);
  return ((bytes + unit - 1n) / unit) * unit;
}

/** Where a load command starts; of segments, the one of a name. */
function findCommand(file: Buffer, command: number, segment?: string): number {
  const count = file.readUInt32LE(16);
  for (let index = 0, at = headerBytes; index < count; index++, at += file.readUInt32LE(at + 4)) {
    if (file.readUInt32LE(at) !== command) continue;
    const name = file.toString("latin1", at + 8, at + 24).replace(/\0+$/, "");
    if (segment === undefined || name === segment) return at;
  }
  throw new Error(`no load command ${segment ?? command.toString(16)}`);
}

const superBlobBytes = 20;
const directoryBytes = 88;

function signatureBytes(codeBytes: number, identifier: string): number {
  return superBlobBytes + directoryBytes + identifier.length + 1 + hashBytes * Math.ceil(codeBytes / pageBytes);
}

interface Limits {
  readonly start: bigint;
  readonly bytes: bigint;
}

const adHoc = 0x2;
const byLinker = 0x20000;
const version = 0x20400;
const sha256 = 2;
const mainBinary = 1n;

/** A "super blob" with one "code directory" in it, whose numbers are big-endian. */
function writeSignature(code: Buffer, signature: Buffer, identifier: string, limits: Limits): void {
  const pages = Math.ceil(code.length / pageBytes);
  const hashesAt = directoryBytes + identifier.length + 1;
  words(signature, [0xfade0cc0, signature.length, 1, 0, superBlobBytes]);
  const directory = signature.subarray(superBlobBytes);
  const counts = [hashesAt, directoryBytes, 0, pages, code.length];
  words(directory, [0xfade0c02, directory.length, version, adHoc | byLinker, ...counts]);
  directory.set([hashBytes, sha256, 0, Math.log2(pageBytes)], 36);
  directory.writeBigUInt64BE(limits.start, 64);
  directory.writeBigUInt64BE(limits.bytes, 72);
  directory.writeBigUInt64BE(mainBinary, 80);
  directory.write(`${identifier}\0`, directoryBytes, "latin1");
  for (let page = 0; page < pages; page++) {
    const bytes = code.subarray(page * pageBytes, (page + 1) * pageBytes);
    directory.set(createHash("sha256").update(bytes).digest(), hashesAt + page * hashBytes);
  }
}

function words(target: Buffer, values: readonly number[]): void {
  for (const [index, value] of values.entries()) target.writeUInt32BE(value, index * 4);
}

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { openGlue, preparedState } from "../src/lua/glue.ts";
import { openLibraries } from "../src/lua/prepare.ts";

/**
 * Makes the WebAssembly that executables carry: Lua with its libraries already open in its memory, which spares every
 * start about 5 ms. The code is the same, and so is all that scripts see.
 */
export function prepareLua(glue: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, withMemory(readFileSync(glue), openedMemory()));
}

/**
 * What executables start with, in pages of 64 KiB, instead of 16 MiB: the runtime counts memory that JavaScript sees
 * as its own, and would collect garbage at every start.
 */
const initialPages = 48;
const largestPages = 32768;
const pageBytes = 65536;

/** Memory as opening the libraries leaves it, and where it holds the Lua state. */
function openedMemory(): Uint8Array {
  const glue = openGlue({ now: () => 0, mayGrow: () => true, grown: () => undefined });
  const state = openLibraries(glue);
  const memory = new Uint8Array(glue.memory.buffer.slice(0));
  // What is new comes from behind all that is in use.
  if (glue.malloc(pageBytes) + 2 * pageBytes > initialPages * pageBytes)
    throw new Error("Lua needs more pages at start");
  new DataView(memory.buffer).setInt32(preparedState, state, true);
  return memory;
}

const headerBytes = 8;
const memorySection = 5;
const dataSection = 11;
const dataCountSection = 12;

/** The module with `memory` for its initial data; all other sections stay as they are. */
function withMemory(module: Uint8Array, memory: Uint8Array): Uint8Array {
  const runs = nonZeroRuns(memory);
  const entries = runs.flatMap(({ offset, bytes }) => [
    [0, 0x41, ...signed(offset), 0x0b, ...unsigned(bytes.length)],
    bytes,
  ]);
  const parts: Bytes[] = [module.subarray(0, headerBytes)];
  for (let at = headerBytes; at < module.length; ) {
    const id = module[at] ?? 0;
    const size = readUnsigned(module, at + 1);
    const end = size.next + size.value;
    if (id === memorySection) parts.push(section(id, [[1, 1], unsigned(initialPages), unsigned(largestPages)]));
    else if (id === dataSection) parts.push(section(id, [unsigned(runs.length), ...entries]));
    else if (id === dataCountSection) parts.push(section(id, [unsigned(runs.length)]));
    else parts.push(module.subarray(at, end));
    at = end;
  }
  return concat(parts);
}

/** A gap that costs more to leave out than to write. */
const smallGap = 16;

function nonZeroRuns(memory: Uint8Array): { offset: number; bytes: Uint8Array }[] {
  const runs: { offset: number; bytes: Uint8Array }[] = [];
  for (let at = 0; at < memory.length; at++) {
    if (memory[at] === 0) continue;
    let end = at + 1;
    for (let zeros = 0; end < memory.length && zeros < smallGap; end++) zeros = memory[end] === 0 ? zeros + 1 : 0;
    runs.push({ offset: at, bytes: memory.slice(at, end) });
    at = end;
  }
  return runs;
}

type Bytes = readonly number[] | Uint8Array;

function section(id: number, parts: readonly Bytes[]): Uint8Array {
  const body = concat(parts);
  return concat([[id], unsigned(body.length), body]);
}

function concat(parts: readonly Bytes[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** LEB128, unsigned and signed, of numbers below 2^31. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value < 64 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}

function readUnsigned(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  for (let at = from, shift = 0; ; at++, shift += 7) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
}

import { endOfLocals } from "./module-shape.ts";
import { concat, readUnsigned, unsigned } from "./wasm-bytes.ts";

/** The functions that a body calls by their numbers. */
export function callsOf(body: Uint8Array): ReadonlySet<number> {
  const called = new Set<number>();
  walkCalls(body, (_, number) => called.add(number));
  return called;
}

/** The body with other numbers for the functions that it calls. */
export function renumberCalls(body: Uint8Array, numberOf: (old: number) => number): Uint8Array {
  const parts: Uint8Array[] = [];
  let done = 0;
  walkCalls(body, (at, number, next) => {
    parts.push(body.subarray(done, at), new Uint8Array(unsigned(numberOf(number))));
    done = next;
  });
  return concat([...parts, body.subarray(done)]);
}

const call = 0x10;

/** Visits where a body names a function: the place and the number there, and where it ends. */
function walkCalls(body: Uint8Array, visit: (at: number, number: number, next: number) => void): void {
  for (const { at } of instructionsOf(body)) {
    if (body[at] !== call) continue;
    const { value, next } = readUnsigned(body, at + 1);
    visit(at + 1, value, next);
  }
}

/** Where the instructions of a body begin and end. */
export function* instructionsOf(body: Uint8Array): Generator<{ readonly at: number; readonly end: number }> {
  for (let at = endOfLocals(body), end = at; at < body.length; at = end) {
    end = endOfInstruction(body, at);
    yield { at, end };
  }
}

/** How many LEB128 numbers follow an opcode; all others have nothing behind them. */
const numbersAfter = new Map([
  ...range(0x02, 0x04, 1), // block, loop, if
  ...range(0x0c, 0x0d, 1), // br, br_if
  [call, 1] as const,
  [0x11, 2] as const, // call_indirect
  ...range(0x20, 0x26, 1), // locals, globals, tables
  ...range(0x28, 0x3e, 2), // loads and stores
  ...range(0x3f, 0x42, 1), // memory.size, memory.grow, i32.const, i64.const
  ...range(0x00, 0x01, 0),
  ...range(0x05, 0x05, 0),
  ...range(0x0b, 0x0b, 0),
  ...range(0x0f, 0x0f, 0),
  ...range(0x1a, 0x1b, 0),
  ...range(0x45, 0xc4, 0),
]);

/** The same for what stands behind 0xfc: conversions, then what is done to memory and tables at once. */
const numbersAfterPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

const constantBytes = new Map([
  [0x43, 4],
  [0x44, 8],
]);

function endOfInstruction(body: Uint8Array, at: number): number {
  const code = body[at] ?? 0;
  if (code === 0x0e) {
    const { value, next } = readUnsigned(body, at + 1);
    return skipNumbers(body, next, value + 1);
  }
  if (code === 0xfc) {
    const { value, next } = readUnsigned(body, at + 1);
    return skipNumbers(body, next, known(numbersAfterPrefix[value], code));
  }
  const constant = constantBytes.get(code);
  if (constant !== undefined) return at + 1 + constant;
  return skipNumbers(body, at + 1, known(numbersAfter.get(code), code));
}

/** What is not known here could name functions as well. */
function known(count: number | undefined, code: number): number {
  if (count === undefined) throw new Error(`the module has an instruction 0x${code.toString(16)}`);
  return count;
}

function skipNumbers(body: Uint8Array, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0; left--) {
    while ((body[at] ?? 0) >= 0x80) at++;
    at++;
  }
  return at;
}

function range(first: number, last: number, count: number): (readonly [number, number])[] {
  return Array.from({ length: last - first + 1 }, (_, index) => [first + index, count] as const);
}

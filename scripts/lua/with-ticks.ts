import { type Load, load, local, replaceLoads, writesLocal } from "./module-loads.ts";
import { bodyOf, readShape } from "./module-shape.ts";
import {
  append,
  type Bytes,
  concat,
  readSections,
  sectionIds,
  signed,
  sized,
  unsigned,
  writeModule,
} from "./wasm-bytes.ts";

/** Where Lua 5.4 keeps these on wasm32, in bytes: within lua_State, and the last within CallInfo. */
const place = { hookStep: 104, hookCount: 108, hookMask: 112, frameTrap: 20 } as const;
/** The hook wants to be called after some instructions. */
const maskCount = 8;
/** Jumps, calls and the like between two calls of the hook. Each may be a call into C that takes long. */
const interval = 64;
/** As many are in the interpreter at least: every loop has one. */
const fewestTraps = 40;

const opcode = { if: 0x04, end: 0x0b, call: 0x10, store: 0x36, const: 0x41, not: 0x45, sub: 0x6b };
const global = { get: 0x23, set: 0x24 };
const i32 = 0x7f;
const noResult = 0x40;
const mutable = 1;
/** The interpreter's first parameter. */
const thread = 0;

/**
 * The module, but the interpreter counts where it looks for a hook, which it does in every loop and at every call, and
 * only now and then does it find one. A hook that is always there costs more: then Lua counts every instruction.
 */
export function withTicks(module: Uint8Array): Uint8Array {
  const sections = readSections(module);
  const { bodies, imports, params, globals } = readShape(sections);
  const [atTrap, atStart] = [imports.length + bodies.length, imports.length + bodies.length + 1];
  const [index, frame] = findInterpreter(bodies);
  const interpreter = replaceLoads(bodies[index] ?? new Uint8Array(), (found) => {
    if (found.from === frame && found.offset === place.frameTrap) return call(atTrap, frame, thread);
    return isStart(found) ? call(atStart, thread) : undefined;
  });
  const changed = bodies.map((body, at) => sized(at === index ? interpreter : body));
  const added = [
    [
      0,
      ...tick(globals.length, [...set(1, place.hookMask, maskCount), ...set(0, place.frameTrap, 1)]),
      ...get(0, place.frameTrap),
      opcode.end,
    ],
    [0, ...tick(globals.length, set(0, place.hookMask, maskCount)), ...get(0, place.hookMask), opcode.end],
  ];
  const body = (id: number) => bodyOf(sections, id);
  return writeModule(sections, {
    [sectionIds.type]: append(body(sectionIds.type), [
      [0x60, 2, i32, i32, 1, i32],
      [0x60, 1, i32, 1, i32],
    ]),
    [sectionIds.function]: append(body(sectionIds.function), [unsigned(params.length), unsigned(params.length + 1)]),
    [sectionIds.global]: append(body(sectionIds.global), [
      [i32, mutable, opcode.const, ...signed(interval), opcode.end],
    ]),
    [sectionIds.code]: concat([unsigned(bodies.length + added.length), ...changed, ...added.map(sized)]),
  });
}

/** Takes the hook, which is called at every instruction then, out of the state at `main` until a tick wants it. */
export function restHook(memory: Uint8Array, main: number): void {
  const ints = new Int32Array(memory.buffer, memory.byteOffset + main, place.hookMask / 4 + 1);
  if (ints[place.hookMask / 4] !== maskCount) throw new Error("Lua keeps its hook elsewhere");
  ints[place.hookStep / 4] = 1;
  ints[place.hookCount / 4] = 1;
  ints[place.hookMask / 4] = 0;
}

/** What a hook begins with: it is not called again until the next tick. */
export const hookRests: Bytes = set(thread, place.hookMask, 0);

/** The interpreter, and its local that holds the running frame. */
function findInterpreter(bodies: readonly Uint8Array[]): [index: number, frame: number] {
  const found = bodies.flatMap((body, index): [number, number][] => {
    const traps = new Map<number, number>();
    let starts = 0;
    replaceLoads(body, (found) => {
      const { from, offset } = found;
      if (from !== thread && offset === place.frameTrap) traps.set(from, (traps.get(from) ?? 0) + 1);
      if (isStart(found)) starts++;
      return undefined;
    });
    const frames = [...traps].filter(([, count]) => count >= fewestTraps);
    return starts === 1 ? frames.map(([frame]) => [index, frame]) : [];
  });
  const [one] = found;
  if (one === undefined || found.length > 1 || writesLocal(bodies[one[0]] ?? new Uint8Array(), thread))
    throw new Error("Lua's interpreter is not as it was");
  return one;
}

/** At the start of a function; where one returns it is only looked at. */
function isStart({ from, offset, next }: Load): boolean {
  return from === thread && offset === place.hookMask && next === local.set;
}

function call(number: number, ...locals: readonly number[]): Bytes {
  return [...locals.flatMap((each) => [local.get, each]), opcode.call, ...unsigned(number)];
}

/** Counts down the global, and does something each time that it has reached zero. */
function tick(counter: number, then: readonly number[]): readonly number[] {
  const [read, write] = [
    [global.get, ...unsigned(counter)],
    [global.set, ...unsigned(counter)],
  ];
  const again = [opcode.const, ...signed(interval), ...write];
  return [
    ...[...read, opcode.const, 1, opcode.sub, ...write, ...read],
    ...[opcode.not, opcode.if, noResult, ...again, ...then, opcode.end],
  ];
}

function set(pointer: number, offset: number, value: number): readonly number[] {
  return [local.get, pointer, opcode.const, ...signed(value), opcode.store, 2, ...unsigned(offset)];
}

function get(pointer: number, offset: number): readonly number[] {
  return [local.get, pointer, load, 2, ...unsigned(offset)];
}

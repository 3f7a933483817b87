import { bodyOf, type ModuleShape, readShape } from "./module-shape.ts";
import {
  append,
  type Bytes,
  concat,
  name,
  readSections,
  sectionIds,
  signed,
  sized,
  unsigned,
  vector,
  writeModule,
} from "./wasm-bytes.ts";

export interface SplitOptions {
  /** Functions that stay in the first half. */
  readonly hot: ReadonlySet<number>;
  /** What the first half exports, beside its globals: `global0` and on. */
  readonly exports: ReadonlySet<string>;
  /** What `env.exit` is called with when the second half is to be loaded; it comes back when that is done. */
  readonly restWanted: number;
}

export interface Halves {
  /** Its last global is 0 until the second half is there. */
  readonly first: Uint8Array;
  readonly rest: Uint8Array;
}

const opcode = {
  if: 0x04,
  end: 0x0b,
  call: 0x10,
  callIndirect: 0x11,
  local: 0x20,
  global: 0x23,
  const: 0x41,
  not: 0x45,
};
const i32 = 0x7f;
const mutable = 1;
const noResult = 0x40;
const ofFunctions = 0x70;
const restSections: readonly number[] = [
  sectionIds.type,
  sectionIds.import,
  sectionIds.function,
  sectionIds.element,
  sectionIds.code,
];

/**
 * Two modules that do together what one does. The first has the functions that are hot; the second has all others, and
 * imports the first one's memory, table and globals from the module `lua`. Both number all functions alike: one that is
 * in the other half is a stub that calls it through a place of its own in the table.
 */
export function splitModule(module: Uint8Array, options: SplitOptions): Halves {
  const shape = readShape(readSections(module));
  const hot = shape.bodies.flatMap((_, index) => (options.hot.has(index) ? [index] : []));
  const cold = shape.bodies.flatMap((_, index) => (options.hot.has(index) ? [] : [index]));
  const places = new Map([...hot, ...cold].map((index, at) => [index, shape.tableSize + at]));
  const code = (own: readonly number[], before: Bytes) => {
    const kept = new Set(own);
    const place = (index: number) => places.get(index) ?? 0;
    return vector(shape.bodies.map((body, at) => sized(kept.has(at) ? body : stub(shape, at, place(at), before))));
  };
  const elements = (own: readonly number[]) => elementsAt(places.get(own[0] ?? 0) ?? 0, own, shape);
  const first = writeModule(shape.sections, {
    [sectionIds.table]: vector([functionTable(shape)]),
    [sectionIds.global]: vector([...shape.globals, [i32, mutable, opcode.const, 0, opcode.end]]),
    [sectionIds.export]: vector(exportsOf(shape, options.exports)),
    [sectionIds.element]: append(bodyOf(shape.sections, sectionIds.element), [elements(hot)]),
    [sectionIds.code]: code(hot, wanting(shape, options.restWanted)),
  });
  const parts = shape.sections.filter(({ id }) => restSections.includes(id));
  const rest = writeModule(parts, {
    [sectionIds.import]: append(bodyOf(shape.sections, sectionIds.import), sharedImports(shape)),
    [sectionIds.element]: vector([elements(cold)]),
    [sectionIds.code]: code(cold, []),
  });
  return { first, rest };
}

/** A function that calls the one at a place of the table with its own arguments. */
function stub({ types, params }: ModuleShape, index: number, place: number, before: Bytes): Uint8Array {
  const type = types[index] ?? 0;
  const given = Array.from({ length: params[type] ?? 0 }, (_, at) => [opcode.local, ...unsigned(at)]);
  const target = [opcode.const, ...signed(place), opcode.callIndirect, ...unsigned(type), 0, opcode.end];
  return concat([[0], before, ...given, target]);
}

/** Asks for the second half, unless it is there. */
function wanting({ globals, imports }: ModuleShape, restWanted: number): Bytes {
  const isThere = [opcode.global, ...unsigned(globals.length)];
  const ask = [opcode.const, ...signed(restWanted), opcode.call, ...unsigned(imports.indexOf("exit"))];
  return [...isThere, opcode.not, opcode.if, noResult, ...ask, opcode.end];
}

function elementsAt(place: number, functions: readonly number[], { imports }: ModuleShape): Uint8Array {
  const numbers = functions.map((index) => unsigned(imports.length + index));
  return concat([[0, opcode.const, ...signed(place), opcode.end], vector(numbers)]);
}

function functionTable({ tableSize, bodies }: ModuleShape): Bytes {
  return [ofFunctions, 0, ...unsigned(tableSize + bodies.length)];
}

function exportsOf(shape: ModuleShape, wanted: ReadonlySet<string>): readonly Bytes[] {
  const kept = [...shape.exports].flatMap(([text, bytes]) => (wanted.has(text) ? [bytes] : []));
  if (kept.length !== wanted.size) throw new Error("the module lacks some of the exports");
  const globals = [...shape.globals, "ready"].map((_, at) => concat([name(globalName(at)), [3], unsigned(at)]));
  return [...kept, ...globals];
}

function sharedImports(shape: ModuleShape): readonly Bytes[] {
  const shared = (text: string, what: Bytes) => concat([name("lua"), name(text), what]);
  return [
    shared("table", [1, ...functionTable(shape)]),
    shared("memory", [2, 0, 0]),
    ...shape.globals.map((_, at) => shared(globalName(at), [3, i32, mutable])),
  ];
}

function globalName(at: number): string {
  return `global${at}`;
}

import { callsOf, renumberCalls } from "./module-code.ts";
import { bodyOf, type ModuleShape, readShape } from "./module-shape.ts";
import {
  append,
  type Bytes,
  concat,
  name,
  readSections,
  readUnsigned,
  sectionIds,
  signed,
  sized,
  unsigned,
  vector,
  writeModule,
} from "./wasm-bytes.ts";

export interface SplitOptions {
  /** The functions of each part but the last, which has all others. One that is in several belongs to the first. */
  readonly parts: readonly ReadonlySet<number>[];
  /** What the first part exports, beside its globals: `global0` and on. */
  readonly exports: ReadonlySet<string>;
  /** `env.exit` is called with this and the number of a part that is to be loaded; it comes back when that is done. */
  readonly partWanted: number;
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
const functionExport = 0;
const partSections: readonly number[] = [
  sectionIds.type,
  sectionIds.import,
  sectionIds.function,
  sectionIds.element,
  sectionIds.code,
];

/** A part: the functions that are its own, then those of other parts that it names. All are counted as in the module. */
interface Part {
  readonly own: readonly number[];
  readonly foreign: readonly number[];
}

interface Plan {
  readonly shape: ModuleShape;
  readonly parts: readonly Part[];
  readonly partOf: readonly number[];
  /** The places in the table of functions that other parts call. */
  readonly places: ReadonlyMap<number, number>;
}

/**
 * Modules that do together what one does. The first is there from the start, the others import its memory, table and
 * globals from the module `lua`. What is in another part is a stub that calls it through a place of its own in the
 * table, and asks for that part before unless it is there. Behind the globals of the module the first part has one for
 * each of the others, which is 0 until that is loaded.
 */
export function splitModule(module: Uint8Array, options: SplitOptions): readonly Uint8Array[] {
  const plan = planParts(readShape(readSections(module)), options);
  return plan.parts.map((part, index) =>
    index === 0 ? firstPart(plan, part, options) : laterPart(plan, part, options),
  );
}

function planParts(shape: ModuleShape, { parts: wanted, exports }: SplitOptions): Plan {
  const partOf = shape.bodies.map((_, index) => {
    const found = wanted.findIndex((functions) => functions.has(index));
    return found === -1 ? wanted.length : found;
  });
  const parts = [...wanted, undefined].map((_, part) => {
    const own = [...partOf.keys()].filter((index) => partOf[index] === part);
    const named = new Set(own.flatMap((index) => calledBy(shape, index)));
    if (part === 0) for (const index of [...inTable(shape), ...exported(shape, exports)]) named.add(index);
    return { own, foreign: [...named].filter((index) => partOf[index] !== part).sort((left, right) => left - right) };
  });
  const named = new Set(parts.flatMap(({ foreign }) => foreign));
  const shared = parts.flatMap(({ own }) => own.filter((index) => named.has(index)));
  const places = new Map(shared.map((index, at) => [index, shape.tableSize + at]));
  return { shape, parts, partOf, places };
}

function firstPart(plan: Plan, part: Part, options: SplitOptions): Uint8Array {
  const { shape } = plan;
  const states = plan.parts.slice(1).map(() => [i32, mutable, opcode.const, 0, opcode.end]);
  return writeModule(shape.sections, {
    [sectionIds.function]: typesOf(plan, part),
    [sectionIds.table]: vector([functionTable(plan)]),
    [sectionIds.global]: vector([...shape.globals, ...states]),
    [sectionIds.export]: vector(exportsOf(plan, part, options.exports)),
    [sectionIds.element]: vector([elements(1, numbersIn(plan, part)(inTable(shape))), ...sharedElements(plan, part)]),
    [sectionIds.code]: codeOf(plan, part, options),
  });
}

function laterPart(plan: Plan, part: Part, options: SplitOptions): Uint8Array {
  const sections = plan.shape.sections.filter(({ id }) => partSections.includes(id));
  return writeModule(sections, {
    [sectionIds.import]: append(bodyOf(sections, sectionIds.import), sharedImports(plan)),
    [sectionIds.function]: typesOf(plan, part),
    [sectionIds.element]: vector(sharedElements(plan, part)),
    [sectionIds.code]: codeOf(plan, part, options),
  });
}

/** The functions of the module that one of them calls; imported ones are not among them. */
function calledBy({ bodies, imports }: ModuleShape, index: number): number[] {
  const numbers = [...callsOf(bodies[index] ?? new Uint8Array())];
  return numbers.flatMap((number) => (number < imports.length ? [] : [number - imports.length]));
}

/** The functions that pointers name, in the order of the table, which begins at 1. */
function inTable({ sections, imports }: ModuleShape): readonly number[] {
  const section = bodyOf(sections, sectionIds.element);
  if (section[0] !== 1 || section[1] !== 0 || section[3] !== 1)
    throw new Error("the module's table is filled otherwise");
  let { value: count, next } = readUnsigned(section, 5);
  const found: number[] = [];
  for (; count > 0; count--) {
    const number = readUnsigned(section, next);
    found.push(number.value - imports.length);
    next = number.next;
  }
  return found;
}

function exported({ exports, imports }: ModuleShape, wanted: ReadonlySet<string>): readonly number[] {
  return [...wanted].flatMap((text) => {
    const { kind, number } = exportOf(exports.get(text));
    return kind === functionExport && number >= imports.length ? [number - imports.length] : [];
  });
}

function exportOf(bytes: Uint8Array | undefined): { kind: number; number: number } {
  if (bytes === undefined) throw new Error("the module lacks some of the exports");
  const { value, next } = readUnsigned(bytes, 0);
  return { kind: bytes[next + value] ?? 0, number: readUnsigned(bytes, next + value + 1).value };
}

/** The numbers of functions within a part. */
function numbersIn({ shape }: Plan, { own, foreign }: Part): (indexes: readonly number[]) => readonly number[] {
  const numbers = new Map([...own, ...foreign].map((index, at) => [index, shape.imports.length + at]));
  return (indexes) => indexes.map((index) => (index < 0 ? index + shape.imports.length : (numbers.get(index) ?? 0)));
}

function typesOf({ shape }: Plan, { own, foreign }: Part): Uint8Array {
  return vector([...own, ...foreign].map((index) => unsigned(shape.types[index] ?? 0)));
}

function codeOf(plan: Plan, part: Part, { partWanted }: SplitOptions): Uint8Array {
  const { shape } = plan;
  const numbers = numbersIn(plan, part);
  const number = (old: number) => numbers([old - shape.imports.length])[0] ?? 0;
  const bodies = part.own.map((index) => renumberCalls(shape.bodies[index] ?? new Uint8Array(), number));
  const stubs = part.foreign.map((index) => stub(plan, index, wanting(plan, plan.partOf[index] ?? 0, partWanted)));
  return vector([...bodies, ...stubs].map(sized));
}

/** A function that calls the one at its place of the table with its own arguments. */
function stub({ shape: { types, params }, places }: Plan, index: number, before: Bytes): Uint8Array {
  const type = types[index] ?? 0;
  const given = Array.from({ length: params[type] ?? 0 }, (_, at) => [opcode.local, ...unsigned(at)]);
  const place = places.get(index) ?? 0;
  const target = [opcode.const, ...signed(place), opcode.callIndirect, ...unsigned(type), 0, opcode.end];
  return concat([[0], before, ...given, target]);
}

/** Asks for a part, unless it is there; the first one always is. */
function wanting({ shape: { globals, imports } }: Plan, part: number, partWanted: number): Bytes {
  if (part === 0) return [];
  const isThere = [opcode.global, ...unsigned(globals.length + part - 1)];
  const ask = [opcode.const, ...signed(partWanted + part), opcode.call, ...unsigned(imports.indexOf("exit"))];
  return [...isThere, opcode.not, opcode.if, noResult, ...ask, opcode.end];
}

/** A part's own functions that others call, at their places. */
function sharedElements(plan: Plan, part: Part): readonly Bytes[] {
  const shared = part.own.filter((index) => plan.places.has(index));
  const place = plan.places.get(shared[0] ?? 0);
  return place === undefined || shared.length === 0 ? [] : [elements(place, numbersIn(plan, part)(shared))];
}

function elements(place: number, numbers: readonly number[]): Uint8Array {
  return concat([[0, opcode.const, ...signed(place), opcode.end], vector(numbers.map(unsigned))]);
}

function functionTable({ shape, places }: Plan): Bytes {
  return [ofFunctions, 0, ...unsigned(shape.tableSize + places.size)];
}

function exportsOf(plan: Plan, part: Part, wanted: ReadonlySet<string>): readonly Bytes[] {
  const { shape } = plan;
  const numbers = numbersIn(plan, part);
  const kept = [...shape.exports].flatMap(([text, bytes]) => {
    if (!wanted.has(text)) return [];
    const { kind, number } = exportOf(bytes);
    const own = kind === functionExport ? (numbers([number - shape.imports.length])[0] ?? 0) : number;
    return [concat([name(text), [kind], unsigned(own)])];
  });
  const globals = globalNames(plan).map((text, at) => concat([name(text), [3], unsigned(at)]));
  return [...kept, ...globals];
}

function sharedImports(plan: Plan): readonly Bytes[] {
  const shared = (text: string, what: Bytes) => concat([name("lua"), name(text), what]);
  return [
    shared("table", [1, ...functionTable(plan)]),
    shared("memory", [2, 0, 0]),
    ...globalNames(plan).map((text) => shared(text, [3, i32, mutable])),
  ];
}

function globalNames({ shape, parts }: Plan): readonly string[] {
  return Array.from({ length: shape.globals.length + parts.length - 1 }, (_, at) => `global${at}`);
}

import { readNames, readUnsigned, readVector, type Section, sectionIds } from "./wasm-bytes.ts";

/** What splitting a module needs to know of it. Functions are counted without the imported ones. */
export interface ModuleShape {
  readonly sections: readonly Section[];
  readonly imports: readonly string[];
  /** How many parameters each type of function has. */
  readonly params: readonly number[];
  /** The type of each function. */
  readonly types: readonly number[];
  /** Each function's locals and code. */
  readonly bodies: readonly Uint8Array[];
  /** Each global as it is written: mutable, of 32 bits, and a number at first. */
  readonly globals: readonly Uint8Array[];
  /** Each export as it is written, by its name. */
  readonly exports: ReadonlyMap<string, Uint8Array>;
  readonly tableSize: number;
}

/** Reads a module that imports nothing but functions and has one table. */
export function readShape(sections: readonly Section[]): ModuleShape {
  const body = (id: number) => bodyOf(sections, id);
  return {
    sections,
    imports: readNames(body(sectionIds.import), 2, endOfImport).map(({ name }) => name),
    params: readVector(body(sectionIds.type), endOfType).map((type) => readUnsigned(type, 1).value),
    types: readVector(body(sectionIds.function), endOfNumber).map((type) => readUnsigned(type, 0).value),
    bodies: readVector(body(sectionIds.code), endOfSized).map((sized) => sized.subarray(readUnsigned(sized, 0).next)),
    globals: readVector(body(sectionIds.global), endOfGlobal),
    exports: new Map(readNames(body(sectionIds.export), 1, endOfExport).map(({ name, bytes }) => [name, bytes])),
    tableSize: readUnsigned(body(sectionIds.table), 3).value,
  };
}

export function bodyOf(sections: readonly Section[], id: number): Uint8Array {
  const section = sections.find((each) => each.id === id);
  if (section === undefined) throw new Error(`the module has no section ${id}`);
  return section.body;
}

/** Where a function's code begins, behind its locals. */
export function endOfLocals(body: Uint8Array): number {
  let { value: runs, next } = readUnsigned(body, 0);
  for (; runs > 0; runs--) next = readUnsigned(body, next).next + 1;
  return next;
}

function endOfNumber(bytes: Uint8Array, at: number): number {
  return readUnsigned(bytes, at).next;
}

function endOfSized(bytes: Uint8Array, at: number): number {
  const { value, next } = readUnsigned(bytes, at);
  return next + value;
}

function endOfType(bytes: Uint8Array, at: number): number {
  return endOfSized(bytes, endOfSized(bytes, at + 1));
}

function endOfImport(bytes: Uint8Array, at: number): number {
  const end = endOfSized(bytes, endOfSized(bytes, at));
  if (bytes[end] !== 0) throw new Error("the module imports what is not a function");
  return endOfNumber(bytes, end + 1);
}

function endOfExport(bytes: Uint8Array, at: number): number {
  return endOfNumber(bytes, endOfSized(bytes, at) + 1);
}

function endOfGlobal(bytes: Uint8Array, at: number): number {
  const [type, mutable, load] = bytes.subarray(at, at + 3);
  if (type !== 0x7f || mutable !== 1 || load !== 0x41) throw new Error("the module has a global of another kind");
  return endOfNumber(bytes, at + 3) + 1;
}

import { hookPointer } from "../../src/lua/glue.ts";
import { bodyOf, readShape } from "./module-shape.ts";
import {
  append,
  concat,
  readSections,
  readUnsigned,
  sectionIds,
  signed,
  sized,
  unsigned,
  vector,
  writeModule,
} from "./wasm-bytes.ts";
import { hookRests } from "./with-ticks.ts";

const i32 = 0x7f;

/**
 * The module with what `installAdapter` adds to its table: `call`, which is the imported `system`, and `hook`, which is
 * a function that gives `invoke_vii` its arguments and a pointer that is none, and lets the hook rest until the next tick.
 */
export function withAdapter(module: Uint8Array): Uint8Array {
  const { sections, imports, params, bodies, tableSize } = readShape(readSections(module));
  const body = (id: number) => bodyOf(sections, id);
  const call = imports.indexOf("system");
  const hook = imports.length + bodies.length;
  const code = [
    0,
    ...hookRests,
    0x41,
    0x7f & hookPointer,
    0x20,
    0,
    0x20,
    1,
    0x10,
    ...unsigned(imports.indexOf("invoke_vii")),
    0x0b,
  ];
  return writeModule(sections, {
    [sectionIds.type]: append(body(sectionIds.type), [[0x60, 2, i32, i32, 0]]),
    [sectionIds.function]: append(body(sectionIds.function), [unsigned(params.length)]),
    [sectionIds.table]: vector([[0x70, 0, ...unsigned(tableSize + 2)]]),
    [sectionIds.element]: withElements(body(sectionIds.element), tableSize, [call, hook]),
    [sectionIds.code]: append(body(sectionIds.code), [sized(code)]),
  });
}

/** The table's one list of functions begins at 1 and fills it; more go to its end. */
function withElements(section: Uint8Array, tableSize: number, functions: readonly number[]): Uint8Array {
  const start = [0, 0x41, ...signed(1), 0x0b];
  const list = section.subarray(1 + start.length);
  if (readUnsigned(list, 0).value !== tableSize - 1) throw new Error("the module's table is filled otherwise");
  return vector([concat([start, append(list, functions.map(unsigned))])]);
}

import { instructionsOf } from "./module-code.ts";
import { type Bytes, concat } from "./wasm-bytes.ts";

/** The opcodes of locals. */
export const local = { get: 0x20, set: 0x21, tee: 0x22 } as const;
/** The opcode that reads 32 bits. */
export const load = 0x28;

/** An int is read at an offset from where a local points to; then comes the opcode `next`. */
export interface Load {
  readonly from: number;
  readonly offset: number;
  readonly next: number | undefined;
}

/** The body with other code for some of its loads. */
export function replaceLoads(body: Uint8Array, by: (found: Load) => Bytes | undefined): Uint8Array {
  const parts: Bytes[] = [];
  let done = 0;
  let last = { at: 0, end: 0 };
  for (const each of instructionsOf(body)) {
    const found = { from: body[last.at + 1] ?? 0, offset: body[each.at + 2] ?? 0, next: body[each.end] };
    const isLoad = body[last.at] === local.get && last.end === last.at + 2 && body[each.at] === load;
    const code = isLoad && each.end === each.at + 3 ? by(found) : undefined;
    if (code !== undefined) {
      parts.push(body.subarray(done, last.at), code);
      done = each.end;
    }
    last = each;
  }
  return concat([...parts, body.subarray(done)]);
}

/** Whether a body ever gives a local another value. */
export function writesLocal(body: Uint8Array, number: number): boolean {
  const writes = (at: number) => body[at] === local.set || body[at] === local.tee;
  return [...instructionsOf(body)].some(({ at }) => writes(at) && body[at + 1] === number);
}

/** What Lua calls back into: `call` is a `lua_CFunction`, `hook` a `lua_Hook`. */
export interface AdapterImports {
  readonly call: (state: number) => number;
  readonly hook: (state: number, record: number) => void;
}

const name = (word: string): number[] => [word.length, ...new TextEncoder().encode(word)];
const section = (id: number, body: readonly number[]): number[] => [id, body.length, ...body];

/**
 * A function can enter Lua's function table only as a WebAssembly function with its C type, so this module imports
 * two functions and exports them again: `call: (i32) -> i32` and `hook: (i32, i32) -> ()`.
 */
function adapterBytes(): Uint8Array<ArrayBuffer> {
  const int = 0x7f;
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 1, int, 1, int, 0x60, 2, int, int, 0]),
    ...section(2, [2, ...name("e"), ...name("call"), 0, 0, ...name("e"), ...name("hook"), 0, 1]),
    ...section(3, [2, 0, 1]),
    ...section(7, [2, ...name("call"), 0, 2, ...name("hook"), 0, 3]),
    ...section(10, [2, 6, 0, 0x20, 0, 0x10, 0, 0x0b, 8, 0, 0x20, 0, 0x20, 1, 0x10, 1, 0x0b]),
  ]);
}

/** Puts both functions into `table` and gives their places there, which are C function pointers. */
export function installAdapter(table: WebAssembly.Table, imports: AdapterImports): { call: number; hook: number } {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(adapterBytes()), { e: { ...imports } });
  const first = table.grow(2);
  table.set(first, instance.exports.call);
  table.set(first + 1, instance.exports.hook);
  return { call: first, hook: first + 1 };
}

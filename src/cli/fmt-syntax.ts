import { LuakitError } from "../diagnostic/luakit-error.ts";
import { blankDirectives } from "../lua/chunk.ts";
import { openVm } from "../lua/vm.ts";

/** What luakit's own Lua finds wrong with a script, which does not run; undefined when it can read it. */
export function checkSyntax(name: string, source: string): LuakitError | undefined {
  const vm = openVm({
    functions: [],
    handles: [],
    session: undefined,
    limits: { memory: 512 * 1024 * 1024, time: 30_000 },
    modules: { find: () => ({ tried: [] }) },
    environment: () => undefined,
    print: () => undefined,
  });
  try {
    // All that would run is the return in front, on the script's first line.
    vm.run({ name, data: `do return end ${blankDirectives(source)}` });
    return undefined;
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    const { code, message, position, hint } = error;
    return new LuakitError(code, message, { hint, position: position && { ...position, source } });
  } finally {
    vm.close();
  }
}

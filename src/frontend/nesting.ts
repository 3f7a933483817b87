import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { RawOptions } from "./option-value.ts";

const option = "luakit-nesting";
const deepest = 10;

/**
 * What a frontend that the script asks is told of how deep it is in others. Throws where it is too deep: a script that
 * asks for itself would fill the daemon with containers, each waiting for the next one.
 */
export function nestedOptions(options: RawOptions): Readonly<Record<string, string>> {
  const depth = Number(options.get(option) ?? "0") || 0;
  if (depth < deepest) return { [option]: String(depth + 1) };
  throw new LuakitError("script.limit", `the script is built by a frontend within ${deepest} others`, {
    hint: "a script that bk.frontend builds again builds itself without end",
  });
}

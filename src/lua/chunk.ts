import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Failures } from "./failure.ts";
import type { ScriptFile } from "./position.ts";
import type { LuaState } from "./state.ts";
import type { Trace } from "./trace.ts";

const outOfMemory = 4;

/**
 * A script's text as Lua may read it: no byte order mark, and blank instead of a first line that starts with `#` and
 * of a `#syntax=` line right under a shebang. Line numbers stay.
 */
export function blankDirectives(text: string): string {
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (!plain.startsWith("#")) return plain;
  const blank = plain.replace(/^#[^\n]*/, "");
  return plain.startsWith("#!") ? blank.replace(/^\n#[ \t]*syntax[ \t]*=[^\n]*/, "\n") : blank;
}

/** Compiles a script and pushes its function. Throws `script.syntax` at the wrong line. */
export function loadChunk(state: LuaState, trace: Trace, failures: Failures, file: ScriptFile): void {
  const { c, thread } = state;
  const text = Buffer.from(blankDirectives(file.data));
  const name = state.name(`=${file.name}`);
  const pointer = c.malloc(text.length + 1);
  if (pointer === 0) throw new LuakitError("script.limit", `${file.name} is too large for the script's memory`);
  state.bytes.set(text, pointer);
  const status = c.luaL_loadbufferx(thread, pointer, text.length, name, state.name("t"));
  c.free(pointer);
  if (status === 0) {
    trace.keep(file);
    return;
  }
  const message = state.lossyText(-1);
  c.lua_settop(thread, -2);
  if (status === outOfMemory) throw state.memoryError();
  throw failures.fromSyntax(message, file);
}

import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";

/** Text that says something. */
export const filled: Kind<string> = refine(text, {}, (value) => {
  if (value.trim() === "") throw new LuakitError("script.argument", "it must not be empty");
  return value;
});

import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";
import { list } from "../../lua/table.ts";

/** What a command given as text runs in: `{"/bin/bash", "-c"}`. */
export const shell: Kind<readonly string[]> = refine(
  oneOf(list(text, { min: 1 }), text),
  { type: "string[]", expected: "list of string" },
  (value) => {
    if (typeof value !== "string") return value;
    throw new LuakitError("script.argument", "expected list of string, got string", {
      hint: `write {"${value}", "-c"}`,
    });
  },
);

import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { type Digest, isDigest } from "../../llb/digest.ts";
import { refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";

/** `sha256:` and 64 lower-case hexadecimal digits. */
export const digest: Kind<Digest> = refine(text, {}, (value) => {
  if (isDigest(value)) return value;
  throw new LuakitError("script.option", `"${value}" is not a digest`, {
    hint: isDigest(`sha256:${value.toLowerCase()}`)
      ? `write "sha256:${value.toLowerCase()}"`
      : 'a digest is "sha256:" and 64 hexadecimal digits',
  });
});

import { refine } from "../../lua/compose.ts";
import { type Kind, Mismatch } from "../../lua/kind.ts";
import { isMalformedPattern, patternRule } from "../../session/fsutil/malformed-pattern.ts";
import { filled } from "./text.ts";

/** A pattern as `.dockerignore` has them, which the daemon will not refuse. */
export const pattern: Kind<string> = refine(filled, {}, (value) => {
  if (!isMalformedPattern(value)) return value;
  throw new Mismatch(`"${value}" is a malformed pattern: ${patternRule}`);
});

import { parseDuration } from "../../image/duration.ts";
import { refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";

/** A span of time such as `"30s"` or `"1m30s"`, in nanoseconds. */
export const duration: Kind<number> = refine(text, { expected: 'duration such as "30s"' }, parseDuration);

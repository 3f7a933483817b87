import { type Kind, Mismatch } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";

/** Text that says something. */
export const filled: Kind<string> = {
  type: text.type,
  expected: text.expected,
  accepts: text.accepts,
  parts: [text],
  matches: (stack, slot) => text.matches(stack, slot),
  read(stack, slot) {
    const value = text.read(stack, slot);
    // Most begin with a letter; only the others are looked at as a whole.
    const first = value.charCodeAt(0);
    if (first > 0x20 && first < 0x7f) return value;
    if (value.trim() === "") throw new Mismatch("it must not be empty");
    return value;
  },
};

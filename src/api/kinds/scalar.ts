import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import { type Kind, luaType } from "../../lua/kind.ts";
import { boolean, integer, number, text } from "../../lua/scalar.ts";

/** All digits of an integer: JavaScript's numbers have 53 bits of them. */
const digits: Kind<string> = {
  type: number.type,
  expected: number.expected,
  accepts: number.accepts,
  matches: number.matches,
  read(stack, slot) {
    number.read(stack, slot);
    return String(stack.integerOrFloat(slot));
  },
};

/** Text, or a number or boolean that becomes text as `tostring` writes it. */
export const scalar: Kind<string> = refine(
  oneOf(text, digits, boolean),
  { type: "string|number|boolean", expected: "string" },
  String,
);

/** As `scalar`. Nearly all are text, which is read as it is. */
export const scalarText: Kind<string> = {
  type: scalar.type,
  expected: scalar.expected,
  accepts: scalar.accepts,
  parts: [scalar],
  matches: (stack, slot) => scalar.matches(stack, slot),
  read: (stack, slot) => (stack.type(slot) === luaType.string ? text : scalar).read(stack, slot),
};

/** The greatest id of a user or group; the one above it means "no id". */
export const highestId = 0xffff_fffe;

/** A numeric user or group id. */
export const id = integer({ min: 0, max: highestId });

/** A user as `name`, `name:group` or `uid:gid`, or a number. */
export const user: Kind<string> = refine(oneOf(text, id), { type: "string|integer", expected: "string" }, (value) => {
  const name = String(value);
  if (name === "" || /^[^:]+(?::[^:]+)?$/.test(name)) return name;
  throw new LuakitError("script.option", `"${name}" is not a user`, {
    hint: 'write one such as "app", "app:staff" or "1000:1000"',
  });
});

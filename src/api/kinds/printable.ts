import { type Kind, luaType, tags } from "../../lua/kind.ts";

/** Any value, as the text that people want to read. */
export const printable: Kind<string> = {
  type: "any",
  expected: "value",
  accepts: tags(...Object.values(luaType).filter((tag) => tag >= 0)),
  matches: () => true,
  read: (stack, index) => (stack.type(index) === luaType.string ? (stack.text(index) ?? "(bytes)") : stack.show(index)),
};

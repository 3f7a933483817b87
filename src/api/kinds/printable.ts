import { type Kind, luaType, Mismatch, tags } from "../../lua/kind.ts";
import type { Stack } from "../../lua/stack.ts";
import { luaValue } from "../../lua/value.ts";

/** Any value, as the text that people want to read. */
export const printable: Kind<string> = {
  type: "any",
  expected: "value",
  accepts: tags(...Object.values(luaType).filter((tag) => tag >= 0)),
  matches: () => true,
  read(stack, index) {
    switch (stack.type(index)) {
      case luaType.nil:
        return "nil";
      case luaType.string:
        return stack.text(index) ?? stack.show(index);
      case luaType.table:
        return showTable(stack, index);
      default: {
        const handle = stack.handle(index);
        return handle === undefined ? stack.show(index) : handle.type.toText(handle.value);
      }
    }
  },
};

function showTable(stack: Stack, index: number): string {
  const top = stack.top();
  try {
    const data = luaValue.read(stack, index);
    return JSON.stringify(data, (_, value) => (typeof value === "bigint" ? String(value) : value));
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    stack.setTop(top);
    return stack.show(index);
  }
}

import { expect, test } from "bun:test";
import { isSymbolic } from "../../../src/api/kinds/mode.ts";
import { errorOf, probeAction } from "../evaluate.ts";

const modeOf = (value: string, call = 'mkdir("/a", {mode = VALUE})') =>
  probeAction(`bk.export(bk.image("alpine"):${call.replace("VALUE", () => value)})`);

test.each([
  ['"0755"', 0o755],
  ['"755"', 0o755],
  ['"0o700"', 0o700],
  ['"0"', 0],
  ["0", 0],
  ["493", 0o755],
  ["420", 0o644],
  ["384", 0o600],
  ["448", 0o700],
  ["511", 0o777],
  ["436", 0o664],
  ["416", 0o640],
  ["256", 0o400],
  ['tonumber("750", 8)', 0o750],
])("%s is taken", (value, mode) => {
  expect(modeOf(value)).toMatchObject({ mode });
});

test.each(["644", "755", "0755", "600", "400", "777", "700", "750", "640", "664", "660", "444", "555", "500", "711"])(
  "%s is refused, with the octal text that was meant",
  (value) => {
    const { message, hint } = errorOf(`bk.export(bk.image("alpine"):mkdir("/a", {mode = ${value}}))`);
    expect(message).toContain("as a decimal number, which is mode 0");
    expect(hint).toBe(`write mode = "${value.padStart(4, "0")}"`);
  },
);

test("a copy may have any bits and symbols", () => {
  const copy = 'copy(bk.local_("context"), "/", "/", {mode = VALUE})';
  expect(modeOf('"4755"', copy)).toMatchObject({ mode: 0o4755 });
  expect(modeOf('"u+x,go-w"', copy)).toMatchObject({ mode: "u+x,go-w" });
  expect(modeOf("2541", copy)).toMatchObject({ mode: 0o4755 });
  expect(modeOf("nil", copy)).toMatchObject({ mode: undefined });
});

test.each(["u+x", "go-w", "a=rX", "+x", "u=rwx,go=", "u+s", "+t", "g=u"])("%s is symbolic", (text) => {
  expect(isSymbolic(text)).toBe(true);
});

test.each(["", "x", "u", "u+", "u+q", "u+x,", "755", "U+x"])('"%s" is not', (text) => {
  expect(isSymbolic(text)).toBe(false);
});

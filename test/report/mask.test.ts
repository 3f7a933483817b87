import { expect, test } from "bun:test";
import { maskOf } from "../../src/report/mask.ts";

test("every line of a secret is taken out, wherever it stands", () => {
  const mask = maskOf(["hunter2\n", "-----BEGIN-----\r\nabcdef\n  ghijkl\n"]);
  expect(mask("password=hunter2, twice hunter2")).toBe("password=***, twice ***");
  expect(mask("x abcdef y ghijkl z")).toBe("x *** y *** z");
});

test("a secret within another does not leave the rest of it", () => {
  expect(maskOf(["pass", "password"])("password pass")).toBe("*** ***");
});

test("lines that are too short to be secrets are left alone", () => {
  expect(maskOf(["a\nbc\n\n"])("abc")).toBe("abc");
});

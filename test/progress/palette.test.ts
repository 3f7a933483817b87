import { expect, test } from "bun:test";
import { parseColors } from "../../src/progress/palette.ts";

test("names, light names and numbers", () => {
  const { run, done, cancel, error, warning } = parseColors(
    "run=light-blue:cancel=default:error=255,0,51:WARNING=Magenta",
  );
  expect({ run, done, cancel, error, warning }).toEqual({
    run: "94",
    done: "94",
    cancel: "39",
    error: "38;5;197",
    warning: "35",
  });
});

test("what is not understood changes nothing", () => {
  const standard = parseColors("");
  for (const text of ["run", "run=pink", "error=1,2", "error=1,2,256", "faint=red", "run=red=blue", ":::"]) {
    expect(parseColors(text)).toEqual(standard);
  }
});

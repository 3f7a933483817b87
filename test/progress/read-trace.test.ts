import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { readTrace } from "../../src/progress/read-trace.ts";

const directory = mkdtempSync(join(tmpdir(), "luakit-trace-"));
afterAll(() => rmSync(directory, { recursive: true }));

function names(text: string): string[] {
  const file = join(directory, "trace.json");
  writeFileSync(file, text);
  return [...readTrace(file, "trace.json")].flatMap(({ vertexes }) => vertexes.map(({ name }) => name));
}

function failure(text: string): LuakitError {
  try {
    names(text);
  } catch (error) {
    if (error instanceof LuakitError) return error;
  }
  throw new Error("no LuakitError");
}

const line = (name: string) => `{"vertexes":[{"digest":"d","name":"${name}"}]}`;

test("messages in their order, with the lines of other programs around them", () => {
  expect(names(`#0 building with "x"\n${line("ä")}\r\n\n${line("b")}\nERROR: failed\n------\n`)).toEqual(["ä", "b"]);
});

test("lines longer than what is read at once", () => {
  const long = "é".repeat(900_000);
  expect(names(`${line("a")}\n${line(long)}\n${line("c")}`)).toEqual(["a", long, "c"]);
});

test("a last line that was never finished is left out", () => {
  expect(names(`${line("a")}\n${line("b").slice(0, -4)}`)).toEqual(["a"]);
});

test("a broken line is named", () => {
  const error = failure(`${line("a")}\n{"vertexes":[\n${line("b")}\n`);
  expect(error.code).toBe("trace.invalid");
  expect(error.message).toBe("no status message of a build: not JSON");
  expect(error.position).toEqual({ file: "trace.json", line: 2 });
});

test("a file without any message says how to get one", () => {
  const error = failure("FROM scratch\n");
  expect(error.message).toBe('"trace.json" has no status message of a build');
  expect(error.hint).toContain("--trace FILE");
});

test("a file that is not there", () => {
  expect(() => [...readTrace(join(directory, "none"), "none")]).toThrow('cannot read "none": it does not exist');
});

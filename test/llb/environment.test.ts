import { expect, test } from "bun:test";
import { hasEnv, imageEnv, resolveEnv, setEnv } from "../../src/llb/environment.ts";

const env = (...entries: [string, string][]) => new Map(entries);

test("changes follow the base, and a variable stands where it was set last", () => {
  const changes = setEnv(setEnv(undefined, env(["A", "1"], ["B", "2"])), env(["A", "3"]));
  expect(resolveEnv(["PATH=/bin", "B=0"], changes)).toEqual(["PATH=/bin", "B=2", "A=3"]);
});

test("an image's own entries may be odd", () => {
  expect(resolveEnv(["BARE", "=x", "A=1", "A=2=3"], undefined)).toEqual(["BARE=", "A=2=3"]);
});

test("a hundred thousand changes are no deep recursion", () => {
  let changes = setEnv(undefined, env(["A", "0"]));
  for (let turn = 0; turn < 100_000; turn++) changes = setEnv(changes, env(["A", String(turn)]));
  expect(resolveEnv([], changes)).toEqual(["A=99999"]);
});

test.each([
  ["", "x", "needs a name"],
  ["A=B", "x", 'contains "="'],
  ["A", "x\0", "NUL"],
  ["A", "\udc00", "UTF-8"],
])("the variable %p=%p is refused", (name, value, message) => {
  expect(() => setEnv(undefined, env([name, value]))).toThrow(message);
});

test("a variable is found by its whole name", () => {
  expect(hasEnv(["PATHX=1"], "PATH")).toBe(false);
  expect(hasEnv(["X=1", "PATH="], "PATH")).toBe(true);
});

test("a value that expands sees the environment from before its own call", () => {
  const first = setEnv(undefined, env(["A", "1"]));
  const changes = setEnv(first, env(["A", "$A$A"], ["B", "${A:-x}/$C"]), { expand: true });
  expect(resolveEnv(["C=base"], changes)).toEqual(["C=base", "A=11", "B=1/base"]);
  expect(resolveEnv([], setEnv(undefined, env(["PATH", "/opt:$PATH"]), { expand: true }))).toEqual([
    "PATH=/opt:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  ]);
});

test("an image gets no variable that is for steps only", () => {
  const kept = setEnv(undefined, env(["A", "1"], ["B", "2"]));
  const changes = setEnv(kept, env(["A", "step"], ["C", "step"]), { stepsOnly: true });
  expect(resolveEnv([], changes)).toEqual(["B=2", "A=step", "C=step"]);
  expect(imageEnv(["X=base"], setEnv(changes, env(["D", "$C$X"]), { expand: true }))).toEqual([
    "A=1",
    "B=2",
    "D=stepbase",
  ]);
});

test("values that expand each other neither recurse deeply nor grow without end", () => {
  let changes = setEnv(undefined, env(["A", "x"]));
  for (let turn = 0; turn < 50_000; turn++) changes = setEnv(changes, env(["A", "${A:-$A}"]), { expand: true });
  expect(resolveEnv([], changes)).toEqual(["A=x"]);
  for (let turn = 0; turn < 30; turn++) changes = setEnv(changes, env(["A", "$A$A"]), { expand: true });
  expect(() => resolveEnv([], changes)).toThrow("the value of A is above 128 KiB");
});

test("many values that look for a variable in vain take no square of their number", () => {
  let changes = setEnv(undefined, env(["A", "x"]));
  for (let turn = 0; turn < 30_000; turn++) changes = setEnv(changes, env([`V${turn}`, "$NONE"]), { expand: true });
  expect(resolveEnv([], changes).length).toBe(30_001);
});

import { expect, setDefaultTimeout, test } from "bun:test";
import { Glob } from "bun";
import { exampleDirectory } from "../support/example.ts";
import { runLuakit } from "../support/luakit.ts";

setDefaultTimeout(60_000);

const examples = exampleDirectory("");

/** What a script does not run without, or warns of by itself. */
const flags: Readonly<Record<string, readonly string[]>> = {
  "integration/build-matrix/cell.lua": ["--build-arg=RELEASE=1.37"],
  "integration/build-matrix/check.lua": ["--build-arg=CELL=1.37-full"],
  "integration/buildx/build.lua": ["--build-arg=CUSTOMER=Ada"],
  "integration/nix/build.lua": ["--build-arg=PROGRAM=/nix/store/a", "--build-arg=CLOSURE=/nix/store/a"],
};

const scripts = [...new Glob("**/*.lua").scanSync(examples)].filter((path) => !/(?:^|\/)lib\/|_test\.lua$/.test(path));
const plain = scripts.filter((path) => !Object.hasOwn(flags, path)).sort();

async function expectNothing(words: readonly string[], names: readonly string[]): Promise<void> {
  const { stdout, exitCode } = await runLuakit(["validate", "--fail-on=info", ...words, ...names], { cwd: examples });
  expect(stdout).toBe(names.map((name) => `✓ ${name}\n`).join(""));
  expect(exitCode).toBe(0);
}

test("no rule finds anything in the examples", () => {
  expect(plain.length).toBeGreaterThan(20);
  return expectNothing([], plain);
});

test.each(Object.entries(flags))("no rule finds anything in examples/%s", (name, words) =>
  expectNothing(words, [name]),
);

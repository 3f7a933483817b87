import { expect, test } from "bun:test";
import { formatVerdict, summarize } from "../../src/cli/lint-text.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { verdicts } from "./verdicts.ts";

const terminal = (isTerminal: boolean, variables: Record<string, string> = {}): Terminal => ({
  cwd: "/",
  variables,
  inIsTerminal: () => false,
  outIsTerminal: () => isTerminal,
  errorIsTerminal: () => false,
  out: () => {},
  error: () => {},
});
const [good, bad] = verdicts;
const plain = terminal(false);

test("findings stand before the verdict, with an empty line between", () => {
  expect(good && formatVerdict(good, false, plain).split("\n")).toEqual([
    'warning: build.lua:2: the step uses "sudo" [sudo]',
    '  1 | local a = bk.image("a:1")',
    '> 2 | a:run("sudo make")',
    "    |        ^^^^",
    "hint: leave it out",
    "",
    "info: lib/a.lua:1:4: 100%, really",
    "so [git-clone]",
    "> 1 | -- module",
    "    |    ^^^^^^",
    'called from build.lua:1: local a = bk.image("a:1")',
    "",
    "✓ ci files/build.lua",
    "",
  ]);
  expect(bad && formatVerdict(bad, true, plain)).toStartWith("✗ ./other.lua\nother.lua:1: here\n");
  expect(summarize(verdicts, plain)).toBe(
    "1 warning, 1 info, explained at https://github.com/luakit-build/luakit/blob/main/docs/lint.md\n",
  );
});

test("a script without findings is one line, and nothing is explained", () => {
  const clean = { script: "a.lua", error: undefined, findings: [] };
  expect(formatVerdict(clean, false, plain)).toBe("✓ a.lua\n");
  expect(summarize([clean], plain)).toBe("");
});

test("the same hint of a rule is given once", () => {
  const [first] = good?.findings ?? [];
  const twice = { script: "a.lua", error: undefined, findings: first === undefined ? [] : [first, first] };
  expect(formatVerdict(twice, true, plain).match(/hint: leave it out/g)?.length).toBe(1);
  expect(formatVerdict(twice, true, plain)).toEndWith("✗ a.lua\n");
});

test("colours are for terminals, unless NO_COLOR is set", () => {
  const shown = good === undefined ? "" : formatVerdict(good, false, terminal(true));
  expect(shown).toContain("\u001b[1;33mwarning:\u001b[0m");
  expect(shown).toContain("\u001b[1;36minfo:\u001b[0m");
  expect(Bun.stripANSI(shown)).toBe(good === undefined ? "" : formatVerdict(good, false, plain));
  expect(good && formatVerdict(good, false, terminal(true, { NO_COLOR: "1" }))).not.toContain("\u001b");
});

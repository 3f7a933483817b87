import { expect, test } from "bun:test";
import { parseShell, programOf } from "../../src/lint/shell.ts";

const wordsOf = (text: string) => parseShell(text).map(({ words }) => words.join("|"));
const namesOf = (text: string) => parseShell(text).map((command) => programOf(command).name);

test.each([
  ["a b && c; d || e &\nf", ["a|b", "c", "d", "e", "f"]],
  ['a \'b c\' "d $e \\" f" g\\ h', ['a|b c|d $e " f|g h']],
  ["a \\\n  b", ["a|b"]],
  ["a # comment && b\nc#d", ["a", "c#d"]],
  ["a >/dev/null 2>&1 <in b", ["a|b"]],
  ["a &>x b", ["a|b"]],
  ["a $(b c) `d`", ["b|c", "d", "a|$()|$()"]],
  ['a "$(b "c d")"', ["b|c d", "a|$()"]],
  ["a $((1 + 2)) b", ["a|$((1 + 2))|b"]],
  ["if a; then b; else c; fi", ["a", "b", "c"]],
  ["for x in a b; do c $x; done", ["for|x|in|a|b", "c|$x"]],
  ["cat <<EOF > file\nsudo no\nEOF\nnext", ["cat", "next"]],
  ["cat <<-'EOF'\n\tno\n\tEOF\nnext", ["cat", "next"]],
  ["{ a; b; }; (c)", ["a", "b", "c"]],
  ["", []],
])("%j", (text, commands) => {
  expect(wordsOf(text)).toEqual(commands);
});

test("knows what goes into a pipe", () => {
  const pipes = parseShell("a | b |& c || d; { e; f; } | g").map(({ words, feedsPipe }) => [words[0], feedsPipe]);
  expect(pipes).toEqual([
    ["a", true],
    ["b", true],
    ["c", false],
    ["d", false],
    ["e", false],
    ["f", true],
    ["g", false],
  ]);
});

test("finds the program behind variables, sudo and the like", () => {
  expect(namesOf("A=1 B=2 make; sudo -u me -E /usr/bin/apt-get x; env -i C=1 npm ci; exec nice -n 5 go")).toEqual([
    "make",
    "apt-get",
    "npm",
    "go",
  ]);
  expect(programOf({ words: ["sudo", "apk", "add"], feedsPipe: false })).toEqual({ name: "apk", args: ["add"] });
});

test("text that is not closed ends", () => {
  for (const text of ["'", '"', "$(", "`", "${", "$((", "cat <<EOF\nx", "a \\", "<(", "a |"]) {
    expect(parseShell(text).length).toBeLessThan(3);
  }
});

test("text that goes deep is read in time", () => {
  for (const part of ["$(", "`", '"$(', "(", "{ ", "a | ", "<("]) {
    expect(parseShell(part.repeat(20_000)).length).toBeLessThan(30_000);
  }
});

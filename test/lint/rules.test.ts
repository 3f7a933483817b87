import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { rules } from "../../src/lint/rules.ts";
import { readBlocks } from "../support/document.ts";
import { lintFound } from "./lint-found.ts";

const page = readFileSync(resolve(import.meta.dir, "../../docs/lint.md"), "utf8");
const sections = page.slice(page.indexOf("\n## Rules\n")).split(/^### /m).slice(1);

test("rules are in the order of their names, which are written in kebab case", () => {
  const names = rules.map(({ id }) => id);
  expect(names).toEqual([...new Set(names)].sort());
  expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(30);
});

test("every rule has its section in docs/lint.md, and every section its rule", () => {
  expect(sections.map((section) => section.split("\n")[0])).toEqual(rules.map(({ id }) => id));
});

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  const section = sections.find((each) => each.startsWith(`${id}\n`)) ?? "";
  const [wrong, right] = readBlocks(section);

  test("is described by its severity and its summary", () => {
    const off = rule.isOptional === true ? ", off unless enabled" : "";
    expect(section).toContain(`\n**${rule.severity}${off}**: ${rule.summary}.\n`);
  });

  test("finds the wrong example, and nothing else finds anything", () => {
    expect(section.split("\nWrong:\n")[1]?.split("\nRight:\n").length).toBe(2);
    expect(new Set(lintFound(wrong?.body ?? "", flagsOf(wrong?.body)))).toEqual(new Set([id]));
  });

  test("finds nothing in the right example", () => {
    expect(right?.body.length).toBeGreaterThan(10);
    expect(lintFound(right?.body ?? "", flagsOf(right?.body))).toEqual([]);
  });
});

/** What the comment at the head of an example says of its command line. */
function flagsOf(script = "") {
  const words = /^-- luakit validate (.*)/.exec(script)?.[1]?.split(" ") ?? [];
  const values = (flag: string) => words.flatMap((word, at) => (words[at - 1] === flag ? [word] : []));
  const pairs = values("--build-arg").map((pair) => pair.split("="));
  return {
    enabled: new Set(values("--enable")),
    buildArguments: new Map(pairs.map(([name = "", value = ""]) => [name, value])),
  };
}

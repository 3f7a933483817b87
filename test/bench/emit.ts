import { join } from "node:path";
import type { Testbed } from "../../scripts/testbed/record.ts";
import { type Bench, commandOf, type Part } from "./bench.ts";
import type { Case, Column } from "./case.ts";
import { writeTexts } from "./places.ts";
import { chain, computing, project } from "./script-texts.ts";

/** The Go tool's time grows with the square of the ops. */
const largestForGo = 10_000;

const sizes = [
  { ops: 1, rounds: 30 },
  { ops: 100, rounds: 30 },
  { ops: 1_000, rounds: 20 },
  { ops: 10_000, rounds: 7 },
  { ops: 100_000, rounds: 3 },
];

/** From a script to a Definition, without a daemon and without the network. */
export async function* emitCases(bench: Bench, bed: Testbed | undefined): Part {
  yield version(bench, bed);
  for (const { ops, rounds } of sizes) {
    const folder = writeTexts(join(bench.folder, `ops-${ops}`), { "build.lua": chain(ops) });
    const count = ops.toLocaleString("en");
    yield {
      ...emit(bench, join(folder, "build.lua"), ops <= largestForGo),
      name: ops === 1 ? "hello" : `${count} ops`,
      about: ops === 1 ? "a script of one step becomes a Definition" : `a script that makes a chain of ${count} steps`,
      rounds,
    };
  }
  const folder = writeTexts(join(bench.folder, "project"), project);
  yield {
    ...emit(bench, join(folder, "build.lua"), true),
    name: "project with modules",
    about: "a script with three modules makes 340 vertices of 24 services, with mounts, copies and environments",
    rounds: 20,
  };
  const alone = writeTexts(join(bench.folder, "computing"), { "build.lua": computing });
  yield {
    ...emit(bench, join(alone, "build.lua"), true),
    name: "computing",
    about: "a script of one step that runs 2,000,000 loops, 240,000 calls and 20,000 replacements before",
    rounds: 7,
  };
}

function version(bench: Bench, bed: Testbed | undefined): Case {
  const commands: readonly (readonly [Column, string | undefined, string])[] = [
    ["luakit", bench.luakit, "version"],
    ["buildctl", bed?.buildctl, "--version"],
    ["buildx", bed?.buildx, "version"],
    ["Go luakit", bench.goLuakit, "version"],
  ];
  const contenders = commands.flatMap(([column, program, word]) =>
    program === undefined ? [] : [commandOf(bench, column, { argv: [program, word] })],
  );
  return { part: "emit", name: "version", about: "the version is printed", rounds: 30, contenders };
}

function emit(bench: Bench, script: string, withGo: boolean): Omit<Case, "name" | "about" | "rounds"> {
  // To a file, because 100,000 ops are more than a daemon takes, and a pipe to one refuses them.
  const argv = [bench.luakit, "build", "--no-resolve", "-o", "/dev/null", script];
  const contenders = [commandOf(bench, "luakit", { argv })];
  if (bench.goLuakit !== undefined && withGo) {
    contenders.push(commandOf(bench, "Go luakit", { argv: [bench.goLuakit, "build", script] }));
  }
  return { part: "emit", contenders, lacking: withGo ? {} : { "Go luakit": "not run: it takes minutes" } };
}

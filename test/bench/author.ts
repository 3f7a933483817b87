import { join } from "node:path";
import { type Bench, commandOf, type Part } from "./bench.ts";
import type { Case } from "./case.ts";
import { writeTexts } from "./places.ts";
import { long, project, service, testFile } from "./script-texts.ts";

/** What people run while they write scripts. */
export async function* authorCases(bench: Bench): Part {
  const script = join(writeTexts(join(bench.folder, "long"), { "build.lua": long(250) }), "build.lua");
  const what = "a script of 2,000 lines that makes 1,500 vertices";
  yield against(bench, "validate", `${what} is checked; luakit's also runs 40 lint rules`, ["validate", script]);
  yield {
    ...against(bench, "fmt", `${what} is formatted to stdout`, ["fmt", "-"]),
    contenders: [commandOf(bench, "luakit", { argv: [bench.luakit, "fmt", "-"], stdin: script })],
  };
  yield against(bench, "dag, dot", `${what} is drawn for Graphviz`, ["dag", "--format=dot", script]);
  yield against(bench, "dag, json", `${what} is written as JSON`, ["dag", "--format=json", script]);
  const files = Array.from({ length: 20 }, (_, index) => [`part_${index}_test.lua`, testFile(index)]);
  const cwd = writeTexts(join(bench.folder, "tested"), {
    ...project,
    "service.lua": service,
    ...Object.fromEntries(files),
  });
  yield {
    ...against(bench, "test", "", []),
    about: "`luakit test` runs 200 tests in 20 files, each of a graph of 17 vertices",
    rounds: 5,
    contenders: [commandOf(bench, "luakit", { argv: [bench.luakit, "test"], cwd })],
  };
}

/** What the Go luakit has too, when it is one of its commands. */
function against(bench: Bench, name: string, about: string, words: readonly string[]): Case {
  const contenders = [commandOf(bench, "luakit", { argv: [bench.luakit, ...words] })];
  if (bench.goLuakit !== undefined && ["validate", "dag"].includes(words[0] ?? "")) {
    contenders.push(commandOf(bench, "Go luakit", { argv: [bench.goLuakit, ...words] }));
  }
  return { part: "author", name, about, rounds: 6, contenders };
}

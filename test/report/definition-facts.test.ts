import { expect, test } from "bun:test";
import { withoutCache } from "../../src/graph/match-runs.ts";
import { labelledDigest } from "../../src/progress/part.ts";
import { excerptAt, readDefinitions } from "../../src/report/definition-facts.ts";
import { emit } from "../support/build.ts";

const script = `local base = bk.image("busybox")
local tools = base:run("make tools")
bk.export(tools:copy(base, "/bin", "/bin2"))
`;

test("what a step is, what its inputs are for, and the lines of the script that made it", async () => {
  const { definition } = await emit(script, { flags: ["--no-resolve"] });
  const { vertices, results } = readDefinitions([{ bytes: definition, name: "linux/amd64" }]);
  const facts = [...new Set(vertices.values())];
  expect(facts.map(({ kind, roles }) => [kind, roles])).toEqual([
    ["Source", []],
    ["Exec", [["base"]]],
    ["File", [["base"], ["copy from"]]],
  ]);
  const lines = script.split("\n");
  expect(facts[1]?.excerpts).toEqual([{ file: "build.lua", line: 2, first: 1, text: lines.slice(0, -1) }]);
  expect([...(facts[1]?.names ?? [])]).toEqual(["linux/amd64"]);
  const [result] = results;
  expect(result?.name).toBe("linux/amd64");
  expect(result?.digests.map((digest) => vertices.get(digest))).toEqual([facts[2], facts[2]]);
  expect(result?.digests[1]).toBe(withoutCache(result?.digests[0] ?? ""));
});

test("of several daemons, digests are those that progress tells of", async () => {
  const { definition } = await emit(script, { flags: ["--no-resolve"] });
  const plain = readDefinitions([{ bytes: definition }]);
  const labelled = readDefinitions([{ bytes: definition, label: "node1 linux/amd64" }]);
  const told = [...plain.vertices.keys()].map((digest) => labelledDigest("node1 linux/amd64", digest));
  expect([...labelled.vertices.keys()]).toEqual(told);
});

test("an excerpt has the lines around, as far as there are any", () => {
  const lines = ["1", "2", "3", "4", "5", "6"];
  expect(excerptAt({ file: "f", line: 1 }, lines)).toEqual({ file: "f", line: 1, first: 1, text: ["1", "2", "3"] });
  expect(excerptAt({ file: "f", line: 5 }, lines)).toEqual({
    file: "f",
    line: 5,
    first: 3,
    text: ["3", "4", "5", "6"],
  });
  expect(excerptAt({ file: "f", line: 5 }, []).text).toEqual([]);
});

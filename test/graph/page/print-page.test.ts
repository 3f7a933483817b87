import { expect, test } from "bun:test";
import { decodeGraph } from "../../../src/graph/decode-graph.ts";
import { printPage } from "../../../src/graph/page/print-page.ts";
import { run } from "../../../src/llb/exec.ts";
import { image } from "../../../src/llb/source-image.ts";
import { encode, goBuild } from "../sample.ts";

function dataOf(page: string) {
  return JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "null");
}

test("a page has what is told of each vertex", () => {
  const { vertices, results, sources, trace } = dataOf(
    printPage(decodeGraph(encode(goBuild())), { title: "build.lua" }),
  );
  const compile = vertices.find(({ name }: { name: string }) => name === "compile");
  expect(compile).toMatchObject({
    kind: "Exec",
    platform: "linux/amd64",
    locations: [
      ["lib/go.lua", 9],
      ["build.lua", 6],
    ],
    inputs: [{ as: "base" }, { as: "mount /src" }],
  });
  expect(compile.lines).toContainEqual(["args", '/bin/sh -c "go build -o /out/app ./..."']);
  expect(compile.caps).toContain("exec.mount.cache");
  expect(results).toEqual([{ inputs: [vertices.length] }]);
  expect(Object.keys(sources).sort()).toEqual(["build.lua", "lib/go.lua"]);
  expect(trace).toBeUndefined();
});

test("a page has no passwords of scripts", () => {
  const source = { name: "build.lua", data: "-- https://user:hunter2@example.org/x\n" };
  const location = { source, line: 1 };
  const state = run(
    image("docker.io/library/a:1", {}, {}),
    "curl https://user:hunter2@example.org/x",
    {},
    { location },
  );
  expect(printPage(decodeGraph(encode(state)), { title: "build.lua" })).not.toContain("hunter2");
});

test("the title is text", () => {
  const page = printPage(decodeGraph(encode(goBuild())), { title: "<b>.lua" });
  expect(page).toContain("<title>&lt;b&gt;.lua · graph</title>");
});

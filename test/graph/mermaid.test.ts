import { expect, test } from "bun:test";
import { decodeGraph } from "../../src/graph/decode-graph.ts";
import { printMermaid } from "../../src/graph/mermaid.ts";
import { run } from "../../src/llb/exec.ts";
import { image } from "../../src/llb/source-image.ts";
import { scratch } from "../../src/llb/state.ts";
import { expectGolden } from "../golden/golden.ts";
import { encode, goBuild } from "./sample.ts";

test("a flowchart is as its golden file", async () => {
  await expectGolden("go-build.mmd", printMermaid(decodeGraph(encode(goBuild()))));
});

test("nothing in a label is read as more than a character", () => {
  const name = `a "b" \`c\` #35; <i>&amp; | ; --> [x] {y} (z) %% $$x$$ \\n style x:#1; 日`;
  const chart = printMermaid(decodeGraph(encode(run(image("docker.io/library/a:1", {}, {}), "x", { name }, {}))));
  const [, label = ""] = /v2\["(.*)"\]:::exec/.exec(chart) ?? [];
  const [shown = ""] = label.split("<br/>");
  expect(shown.replace(/#\d+;/g, "")).toMatch(/^[\p{L}\p{N} ,/]*$/u);
  const text = shown.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  expect(text.replaceAll("\u200b", "")).toBe(`#2 Exec ${name}`);
  expect(text).toContain("$\u200b$x$\u200b$ \\\u200bn");
});

test("scratch is a result without edges", () => {
  expect(printMermaid(decodeGraph(encode(scratch)))).toBe('flowchart TB\n  result0(["result#58; scratch"])\n');
});

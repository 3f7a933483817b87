import { expect, test } from "bun:test";
import { decodeGraph } from "../../src/graph/decode-graph.ts";
import { printSvg } from "../../src/graph/svg.ts";
import { run } from "../../src/llb/exec.ts";
import { image } from "../../src/llb/source-image.ts";
import { encode, everyAction, everyMount, goBuild } from "./sample.ts";

test.each([goBuild, everyMount, everyAction])("the drawing of %# is well-formed and stands alone", (sample) => {
  const svg = printSvg(decodeGraph(encode(sample())));
  expect(svg).not.toMatch(/<script|href|url\(|@import|NaN|undefined/);
  const open: string[] = [];
  for (const [, end, name = "", , single] of svg.matchAll(/<(\/?)([a-z]+)((?: [a-z-]+="[^"<]*")*)\s*(\/?)>/gi)) {
    if (end === "/") expect(open.pop()).toBe(name);
    else if (single === "") open.push(name);
  }
  expect(open).toEqual([]);
});

test("names are text", () => {
  const name = `</text><script>alert("1")</script>&\u0001`;
  const svg = printSvg(decodeGraph(encode(run(image("docker.io/library/a:1", {}, {}), "x", { name }, {}))));
  expect(svg).toContain("&lt;/text&gt;&lt;script&gt;");
  expect(svg).not.toContain("<script");
});

test("the legend names what there is and counts it", () => {
  const svg = printSvg(decodeGraph(encode(goBuild())));
  expect(svg).toContain('<title id="summary">6 vertices (3 Source, 1 Exec, 2 File), 6 edges, 1 result</title>');
  expect(svg).toContain(">Exec 1</text>");
  expect(svg).not.toContain(">Merge");
});

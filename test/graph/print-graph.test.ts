import { describe, expect, test } from "bun:test";
import { decodeGraph } from "../../src/graph/decode-graph.ts";
import { printDot } from "../../src/graph/dot.ts";
import { printJson } from "../../src/graph/json.ts";
import { printGraph } from "../../src/graph/print-graph.ts";
import { printText } from "../../src/graph/text.ts";
import { encode, goBuild } from "./sample.ts";

describe("printing a graph", () => {
  const graph = decodeGraph(encode(goBuild()));

  test("is dot unless asked otherwise", () => {
    expect(printGraph(graph)).toBe(printDot(graph));
    expect(printGraph(graph, { format: "json" })).toBe(printJson(graph));
    expect(printGraph(graph, { format: "text", filters: [] })).toBe(printText(graph));
  });

  test("takes several filters", () => {
    const text = printGraph(graph, { format: "text", filters: ["exec", "SOURCE"] });
    expect(text.match(/^#\d+ \w+/gm)).toEqual(["#1 Source", "#2 Source", "#3 Source", "#5 Exec"]);
  });

  test("refuses an unknown filter", () => {
    expect(() => printGraph(graph, { filters: ["Sorce"] })).toThrow('did you mean "Source"?');
  });

  test("gives the same text every time", () => {
    const once = printGraph(decodeGraph(encode(goBuild())), { format: "text" });
    expect(printGraph(decodeGraph(encode(goBuild())), { format: "text" })).toBe(once);
  });
});

import { describe, expect, test } from "bun:test";
import { decodeGraph } from "../../src/graph/decode-graph.ts";
import { printJson } from "../../src/graph/json.ts";
import { run } from "../../src/llb/exec.ts";
import { image } from "../../src/llb/source-image.ts";
import { scratch } from "../../src/llb/state.ts";
import { expectGolden } from "../golden/golden.ts";
import { encode, everyMount, goBuild } from "./sample.ts";

describe("the JSON of a graph", () => {
  test("is as its golden file", async () => {
    await expectGolden("go-build.json", printJson(decodeGraph(encode(goBuild()))));
  });

  test("has mounts as members", () => {
    const { vertices } = JSON.parse(printJson(decodeGraph(encode(everyMount()))));
    expect(vertices[3].details.mounts).toContainEqual({
      type: "cache",
      dest: "/cache",
      id: "c",
      sharing: "private",
      from: "#2",
      selector: "/seed",
    });
  });

  test("of scratch has a result without inputs", () => {
    expect(JSON.parse(printJson(decodeGraph(encode(scratch))))).toEqual({
      version: 1,
      vertices: [],
      edges: [],
      results: [{ inputs: [] }],
    });
  });

  test("keeps every character and shows none that steers a terminal", () => {
    const command = "printf '\u001b\u009b\u202e'\n";
    const json = printJson(decodeGraph(encode(run(image("docker.io/library/a:1", {}, {}), command, {}, {}))));
    expect(JSON.parse(json).vertices[1].details.args[2]).toBe(command);
    for (const character of "\u001b\u009b\u202e") expect(json).not.toContain(character);
  });
});

import { describe, expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { decodeGraph, decodeGraphs } from "../../src/graph/decode-graph.ts";
import { printText } from "../../src/graph/text.ts";
import { digestOf } from "../../src/llb/digest.ts";
import { run } from "../../src/llb/exec.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { merge } from "../../src/llb/merge.ts";
import { http } from "../../src/llb/source-http.ts";
import { image } from "../../src/llb/source-image.ts";
import type { State } from "../../src/llb/state.ts";
import { scratch } from "../../src/llb/state.ts";
import { BuildOpSchema, DefinitionSchema, type Op, OpSchema } from "../support/gen/pb/ops_pb.ts";
import { at, encode, everyMount, goBuild, hello, mergeAndDiff } from "./sample.ts";

function kindsOf(state: State): string[] {
  return decodeGraph(encode(state)).vertices.map(({ kind }) => kind);
}

// A Definition of one op that luakit itself never writes.
function foreign(op: Op["op"]): Uint8Array {
  const bytes = toBinary(OpSchema, create(OpSchema, { op }));
  const terminal = toBinary(OpSchema, create(OpSchema, { inputs: [{ digest: digestOf(bytes) }] }));
  return toBinary(DefinitionSchema, create(DefinitionSchema, { def: [bytes, terminal] }));
}

const buildOp = create(BuildOpSchema, { builder: -1n, attrs: { "llbbuild.filename": "x" } });

describe("a graph", () => {
  for (const sample of [goBuild, everyMount, mergeAndDiff]) {
    test(`has the digests, inputs and places of ${sample.name} as marshal knows them`, () => {
      const { ops } = marshal(sample(), { platform: { os: "linux", architecture: "amd64" } });
      const { vertices } = decodeGraph(encode(sample()));
      const numbers = new Map(vertices.map(({ digest, number }) => [digest, number]));
      expect(
        vertices.map(({ digest, inputs, locations }) => ({
          digest,
          inputs: inputs.map(({ number, output }) => [number, output]),
          first: locations[0],
        })),
      ).toEqual(
        ops.map(({ digest, inputs, locations: [first] }) => ({
          digest,
          inputs: inputs.map(({ op, index }) => [numbers.get(op.digest) ?? 0, index]),
          first: first === undefined ? undefined : { file: first.source.name, line: first.line },
        })),
      );
    });
  }

  test("tells the kinds of ops", () => {
    expect(new Set(kindsOf(mergeAndDiff()))).toEqual(new Set(["Source", "Exec", "Diff", "Merge"]));
    expect(kindsOf(goBuild())).toContain("File");
    expect(kindsOf(scratch)).toEqual([]);
  });

  test("of other clients is read too, newer ops included", () => {
    const build = decodeGraph(foreign({ case: "build", value: buildOp })).vertices[0];
    expect(build).toMatchObject({ kind: "Build", name: "build", details: [{ fields: { "llbbuild.filename": "x" } }] });
    expect(decodeGraph(foreign({ case: undefined })).vertices[0]).toMatchObject({ kind: "Unknown", name: "unknown" });
  });

  test("has no passwords", () => {
    const from = http("https://a.test/f", {}, {});
    const options = { env: new Map([["PROXY", "http://me:secret@proxy.test"]]) };
    const base = image("docker.io/library/alpine:3.20", {}, {});
    const step = run(base, "curl https://me:secret@b.test", options, {});
    const text = printText(decodeGraph(encode(merge([step, from], {}))));
    expect(text).not.toContain("secret");
    expect(text).toContain("PROXY=http://xxxxx@proxy.test");
  });

  test("cuts the names of merges of merges", () => {
    let state = hello();
    for (let level = 0; level < 60; level++)
      state = merge([state, run(state, `echo ${level}`, {}, at(3)), state], at(4));
    const longest = Math.max(...decodeGraph(encode(state)).vertices.map(({ name }) => name.length));
    expect(longest).toBeLessThanOrEqual(1001);
  });
});

describe("graphs of several results", () => {
  test("share their vertices", () => {
    const graph = decodeGraphs([
      { name: "a", definition: encode(hello()) },
      { name: "b", definition: encode(goBuild()) },
      { name: "c", definition: encode(scratch) },
    ]);
    const digests = graph.vertices.map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(graph.vertices.map(({ number }) => number)).toEqual(digests.map((_, index) => index + 1));
    expect(printText(graph)).toEndWith("\nresult a #2\nresult b #7\nresult c scratch\n");
  });
});

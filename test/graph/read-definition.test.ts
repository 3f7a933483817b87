import { expect, test } from "bun:test";
import { decodeGraphs } from "../../src/graph/decode-graph.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { run } from "../../src/llb/exec.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { merge } from "../../src/llb/merge.ts";
import { type Metadata, progressGroup } from "../../src/llb/metadata.ts";
import { image } from "../../src/llb/source-image.ts";
import { type State, scratch } from "../../src/llb/state.ts";
import { at, chain, everyAction, everyMount, everySetting, goBuild, hello, mergeAndDiff } from "./sample.ts";

const base = image("docker.io/library/a:1", {}, {});
const source = { name: "lib.lua", data: "\ufeffreturn 'https://user:password@host/'" };

const samples: Readonly<Record<string, () => State>> = {
  ...{ hello, goBuild, everyMount, everySetting, everyAction, mergeAndDiff },
  chain: () => chain(50),
  scratch: () => scratch,
  "a place with a caller": () => run(base, "x", {}, { location: { source, line: 1, caller: at(7).location } }),
  "a place with ranges": () => {
    const range = { start: { line: 3, character: 0 }, end: { line: 4, character: 1 } };
    return run(base, "x", {}, { location: { source, line: 1, ranges: [range] } });
  },
  "one step of two lines": () => merge([run(base, "x", {}, at(1)), run(base, "x", {}, at(2)), base], {}),
  metadata: () => {
    const description = new Map([
      ["b", "https://user:password@host/"],
      ["a", "1"],
      ["llb.customname", "a name"],
    ]);
    return withMetadata({ description, progressGroup: progressGroup("all"), ignoreCache: true, exportCache: false });
  },
  "a group without a name": () => withMetadata({ progressGroup: { id: "1", name: "" } }),
};

function withMetadata(metadata: Metadata): State {
  const state = run(base, "x", {}, {});
  if (state.output === undefined) throw new Error("a step has an output");
  return { ...state, output: { ...state.output, vertex: { ...state.output.vertex, metadata } } };
}

test.each(Object.entries(samples))("%s gives the same graph as from its bytes", (_, sample) => {
  const definition = marshal(sample(), { platform: { os: "linux", architecture: "amd64" } });
  const graph = decodeGraphs([{ definition }]);
  expect(graph).toStrictEqual(decodeGraphs([{ definition: encodeDefinition(definition) }]));
  expect(JSON.stringify(graph)).not.toContain("password");
});

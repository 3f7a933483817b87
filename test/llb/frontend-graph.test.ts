import { describe, expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { Definition, LinuxResources, Op } from "../../src/gen/ops.ts";
import { type Digest, digestOf } from "../../src/llb/digest.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { run } from "../../src/llb/exec.ts";
import { readFrontendGraph } from "../../src/llb/frontend-graph.ts";
import { withMetadata } from "../../src/llb/state.ts";
import type { Init } from "../../src/wire/codec.ts";
import { dockerfileText, graph, made, madeDigest, wire } from "./frontend-sample.ts";
import { alpine, define } from "./sample.ts";

const fresh = () => ({ ours: new Map(), files: new Map() });

function problem(definition: Init<Definition>): string {
  try {
    readFrontendGraph(Definition.decode(Definition.encode(definition)), fresh());
  } catch (error) {
    if (error instanceof LuakitError) return error.message.replace("the frontend gave no valid Definition: ", "");
    throw error;
  }
  return "none";
}

describe("what a frontend gave", () => {
  test("is its ops as they are, inputs before users, and the terminal op's input", () => {
    const definition = wire(run(made, "test", {}, {}));
    const shuffled = {
      ...definition,
      def: [definition.def[1], definition.def[2], definition.def[0], definition.def[3]],
    };
    const { ops, result } = readFrontendGraph(
      { ...shuffled, def: shuffled.def.filter((bytes) => bytes !== undefined) },
      fresh(),
    );
    expect(ops.map(({ bytes }) => bytes)).toEqual(definition.def.slice(0, 3));
    expect(ops.map(({ bytes }) => digestOf(bytes))).toEqual(ops.map(({ digest }) => digest));
    expect(result).toEqual({ digest: ops[2]?.digest ?? "sha256:", index: 0 });
  });

  test("says where its ops are from, in the file's own words", () => {
    const [, step] = graph(made).ops;
    expect(step?.locations).toEqual([
      {
        source: dockerfileText,
        line: 2,
        ranges: [{ start: { line: 2, character: 0 }, end: { line: 4, character: 1 } }],
      },
    ]);
  });

  test("has one file object for the same file of two frontends", () => {
    const options = fresh();
    const [first, second] = [wire(made), wire(made)].map((each) => readFrontendGraph(each, options).ops[1]);
    expect(first?.locations[0]?.source).toBe(second?.locations[0]?.source ?? dockerfileText);
    expect(options.files.size).toBe(1);
  });

  test("keeps all metadata", () => {
    const state = withMetadata(made, {
      description: new Map([["a", "b"]]),
      group: "g",
      noCache: true,
      exportCache: false,
    });
    const definition = wire(state);
    const linux_resources = LinuxResources.decode(LinuxResources.encode({ memory: 5 }));
    const known = definition.metadata[madeDigest];
    if (known === undefined) throw new Error("no metadata");
    const metadata = { ...definition.metadata, [madeDigest]: { ...known, linux_resources } };
    const { ops } = readFrontendGraph({ ...definition, metadata }, fresh());
    expect(ops[1]).toMatchObject({
      metadata: {
        description: new Map([
          ["a", "b"],
          ["llb.customname", "[2/2] RUN make"],
        ]),
        ignoreCache: true,
        exportCache: false,
        progressGroup: { name: "g" },
        linuxResources: LinuxResources.encode({ memory: 5 }),
      },
      caps: ["exec.meta.base", "exec.mount.bind"],
    });
  });

  test("tells our own places of ops that came from us", () => {
    const location = { source: { name: "build.lua", data: "x" }, line: 7 };
    const definition = define(run(alpine, "ours", {}, { location }));
    const ours = new Map(definition.ops.map((op) => [op.digest, op]));
    const read = readFrontendGraph(Definition.decode(encodeDefinition(definition)), { ours, files: new Map() });
    expect(read.ops[1]?.locations[0]).toBe(location);
    expect(read.ops.map(({ isOurs }) => isOurs)).toEqual([true, true]);
  });

  test("may be a chain of 50,000 steps", () => {
    let state = alpine;
    for (let step = 0; step < 50_000; step++) state = run(state, "x", {}, {});
    expect(graph(state).ops).toHaveLength(50_001);
  });

  test("is refused when a daemon could not build it", () => {
    const source = Op.encode({ source: { identifier: "local://a" } });
    const using = (...digests: string[]) => Op.encode({ inputs: digests.map((digest) => ({ digest })) });
    const missing: Digest = `sha256:${"0".repeat(64)}`;
    expect(problem({})).toBe("it does not name one result");
    expect(problem({ def: [source] })).toBe("it does not name one result");
    expect(problem({ def: [source, using(missing, missing)] })).toBe("it does not name one result");
    expect(problem({ def: [source, using(missing)] })).toBe(`it uses ${missing}, which it does not have`);
    expect(problem({ def: [source, using("")] })).toBe("it uses an op without digest, which it does not have");
    expect(problem({ def: [new Uint8Array([0xff]), using(missing)] })).toBe("one of its ops cannot be read");
    const negative = Op.encode({ inputs: [{ digest: digestOf(source), index: -1 }] });
    expect(problem({ def: [source, negative] })).toBe("its result is an output that no op has");
    const inner = Op.encode({ inputs: [{ digest: digestOf(source), index: -1 }], merge: {} });
    expect(problem({ def: [source, inner, using(digestOf(inner))] })).toBe("it uses an output that no op has");
  });

  test("may name files that are not there: a daemon would fall over such a number", () => {
    const definition = wire(made);
    const locations = { [madeDigest]: { locations: [{ sourceIndex: 7, ranges: [{ start: { line: 1 } }] }] } };
    const bytes = Definition.encode({ ...definition, Source: { infos: definition.Source?.infos ?? [], locations } });
    const { ops } = readFrontendGraph(Definition.decode(bytes), fresh());
    expect(ops[1]?.locations).toEqual([]);
  });
});

import { describe, expect, test } from "bun:test";
import { copyAction } from "../../src/llb/action-copy.ts";
import { bytesOf } from "../../src/llb/definition.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { mountOutput, run } from "../../src/llb/exec.ts";
import { fileOp } from "../../src/llb/file.ts";
import { dockerfile } from "../../src/llb/frontend.ts";
import { merge } from "../../src/llb/merge.ts";
import { bindMount } from "../../src/llb/mount.ts";
import { type State, scratch, withMetadata } from "../../src/llb/state.ts";
import { decodeDefinition, decodeOps } from "../support/definition.ts";
import { dockerfileStep, graph, made, madeDigest, wire } from "./frontend-sample.ts";
import { alpine, define } from "./sample.ts";

const script = { name: "build.lua", data: "bk.dockerfile()\n" };
const at = (line: number) => ({ location: { source: script, line } });
const frontend = dockerfile({}, at(1));

function spliced(state: State, made: State, options = {}) {
  return define(state, { graphOf: () => graph(made), ...options });
}

describe("a frontend's graph in a Definition", () => {
  test("is there byte for byte, and its result is what the vertex gives", () => {
    const definition = spliced(run(frontend, "test", {}, at(2)), made);
    const [source, step, terminal] = wire(made).def;
    const [first, second, user] = definition.ops;
    if (first === undefined || second === undefined || user === undefined) throw new Error("ops are missing");
    expect(terminal).toBeDefined();
    expect([first, second].map((op) => new Uint8Array(bytesOf(definition, op)))).toEqual([
      new Uint8Array(source ?? []),
      new Uint8Array(step ?? []),
    ]);
    expect(user.inputs).toEqual([{ op: second, index: 0 }]);
    expect(decodeOps(encodeDefinition(definition)).map(({ digest }) => digest)).toEqual(
      definition.ops.map(({ digest }) => digest),
    );
  });

  test("is the whole Definition when nothing follows", () => {
    const { def } = decodeDefinition(encodeDefinition(spliced(frontend, made)));
    expect(def.map((bytes) => Buffer.from(bytes).toString("hex"))).toEqual(
      wire(made).def.map((bytes) => Buffer.from(bytes).toString("hex")),
    );
  });

  test("takes the place of what the frontend was given", () => {
    const context = run(alpine, "only an input", {}, {});
    const definition = spliced(dockerfile({ context }, {}), made);
    expect(definition.ops).toHaveLength(2);
  });

  test("shares the ops that both have, whichever comes first", () => {
    const own = run(alpine, "make", { name: "own" }, at(3));
    for (const states of [
      [frontend, own],
      [own, frontend],
    ]) {
      const definition = spliced(merge(states, {}), made);
      expect(definition.ops.map(({ inputs }) => inputs.length)).toEqual([0, 1, 2]);
      const [, step] = definition.ops;
      expect(step?.locations.map(({ source }) => source.name).sort()).toEqual(["Dockerfile", "build.lua"]);
    }
  });

  test("shows the Dockerfile's lines before the script's", () => {
    const { Source } = decodeDefinition(encodeDefinition(spliced(frontend, made)));
    expect(Source?.infos.map(({ filename, language }) => [filename, language])).toEqual([
      ["build.lua", "Lua"],
      ["Dockerfile", "Dockerfile"],
    ]);
    const places = Source?.locations[madeDigest]?.locations.map(({ sourceIndex, ranges }) => [
      Source.infos[sourceIndex]?.filename,
      ranges.map(({ start, end }) => [start?.line, end?.line, end?.character]),
    ]);
    expect(places).toEqual([
      ["Dockerfile", [[2, 4, 1]]],
      ["build.lua", [[1, 1, 0]]],
    ]);
  });

  test("is for the output that the terminal op names", () => {
    const step = run(alpine, "x", { mounts: [bindMount(alpine, "/out", { readonly: false })] }, {});
    const definition = spliced(fileOp(scratch, copyAction(frontend, "/", "/", {}), {}), mountOutput(step, "/out"));
    expect(definition.ops.at(-1)?.inputs.map(({ index }) => index)).toEqual([1]);
  });

  test("keeps its names; what the script says of caching and grouping counts for all of it", () => {
    const two = dockerfileStep(made, "install");
    const said = withMetadata(frontend, { group: "image", noCache: true, description: new Map([["why", "base"]]) });
    const { ops } = spliced(said, two);
    expect(ops.map(({ metadata }) => [metadata?.ignoreCache, metadata?.progressGroup?.name])).toEqual([
      [true, "image"],
      [true, "image"],
      [true, "image"],
    ]);
    expect(ops.map(({ metadata }) => metadata?.description)).toEqual([
      undefined,
      new Map([["llb.customname", "[2/2] RUN make"]]),
      new Map([
        ["why", "base"],
        ["llb.customname", "[2/2] RUN install"],
      ]),
    ]);
  });

  test("has no cache when nothing shall", () => {
    const { ops } = spliced(frontend, made, { noCache: true });
    expect(ops.every(({ metadata }) => metadata?.ignoreCache)).toBe(true);
  });
});

describe("without a graph", () => {
  test("a frontend is an error at its line", () => {
    expect(() => define(run(frontend, "x", {}, at(2)))).toThrow(
      expect.objectContaining({
        message: "bk.dockerfile needs a daemon",
        hint: "luakit build --solve builds with one",
        position: expect.objectContaining({ line: 1 }),
      }),
    );
  });
});

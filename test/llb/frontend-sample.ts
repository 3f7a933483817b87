import { Definition } from "../../src/gen/ops.ts";
import { digestOf } from "../../src/llb/digest.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { run } from "../../src/llb/exec.ts";
import { type FrontendGraph, readFrontendGraph } from "../../src/llb/frontend-graph.ts";
import type { SourceFile } from "../../src/llb/location.ts";
import type { State } from "../../src/llb/state.ts";
import { alpine, define } from "./sample.ts";

/** A file that a frontend read. */
export const dockerfileText: SourceFile = {
  name: "Dockerfile",
  data: "FROM alpine:3.20\nRUN <<E\nmake\nE\n",
  language: "Dockerfile",
  definition: Definition.encode({ def: [new Uint8Array([1])] }),
};

/** A command of the Dockerfile, which spans lines 2 to 4. */
export function dockerfileStep(base: State, command: string): State {
  const ranges = [{ start: { line: 2, character: 0 }, end: { line: 4, character: 1 } }];
  return run(
    base,
    command,
    { name: `[2/2] RUN ${command}` },
    { location: { source: dockerfileText, line: 2, ranges } },
  );
}

/** A state as the Definition that a frontend gives for it. */
export function wire(state: State): Definition {
  return Definition.decode(encodeDefinition(define(state)));
}

/** A state as what a frontend made. */
export function graph(state: State): FrontendGraph {
  return readFrontendGraph(wire(state), { ours: new Map(), files: new Map() });
}

/** What the sample Dockerfile makes. */
export const made: State = dockerfileStep(alpine, "make");

export const madeDigest = digestOf(wire(made).def[1] ?? new Uint8Array());

import { Definition } from "../../../src/gen/ops.ts";
import { mkdirAction } from "../../../src/llb/action.ts";
import { encodeDefinition } from "../../../src/llb/encode-definition.ts";
import { mountOutput, type RunOptions, run } from "../../../src/llb/exec.ts";
import { dockerfile } from "../../../src/llb/frontend.ts";
import { readFrontendGraph } from "../../../src/llb/frontend-graph.ts";
import type { Location, SourceFile } from "../../../src/llb/location.ts";
import { type MarshalOptions, marshal } from "../../../src/llb/marshal.ts";
import { merge } from "../../../src/llb/merge.ts";
import { bindMount } from "../../../src/llb/mount.ts";
import { image } from "../../../src/llb/source-image.ts";
import { type State, scratch, withMetadata } from "../../../src/llb/state.ts";
import type { Vertex } from "../../../src/llb/vertex.ts";
import { alpine, base, files, type Graph, here } from "./case.ts";

const script: SourceFile = { name: "build.lua", data: "bk.dockerfile()\n" };
const file: SourceFile = {
  name: "Dockerfile",
  data: "FROM alpine:3.20\nRUN <<E\none\nE\n",
  language: "Dockerfile",
};
const heredoc: Location = {
  source: file,
  line: 2,
  ranges: [{ start: { line: 2, character: 0 }, end: { line: 4, character: 1 } }],
};

const shell = (state: State, command: string, options: RunOptions = {}, location?: Location) =>
  run(state, command, options, { location });
const from = image(alpine, {}, { location: { source: file, line: 1 } });
const made = shell(from, "one", { name: "[2/2] RUN one", noCache: true }, heredoc);
const step = withMetadata(made, { group: { id: "id", name: "compile" } });
const out = shell(base(), "make", { mounts: [bindMount(scratch, "/out", { readonly: false })] });

const platform = { os: "linux", architecture: "amd64" };
const states = new Map<Vertex | undefined, State>();

/** What `state` is when a frontend gives it. */
function given(state: State): State {
  const frontend = dockerfile({}, here);
  states.set(frontend.base, state);
  return { output: frontend.output };
}

const graphOf: MarshalOptions["graphOf"] = (vertex) => {
  const state = states.get(vertex);
  if (state === undefined) return undefined;
  const bytes = encodeDefinition(marshal(state, { platform, localUniqueId: "conformance" }));
  return readFrontendGraph(Definition.decode(bytes), { ours: new Map(), files: new Map() });
};
const built = (state: State): Graph => ({ state, options: { graphOf } });

/** The graphs of go/frontends.go. */
export const frontends: Readonly<Record<string, Graph>> = {
  "frontend, alone": built(given(step)),
  "frontend, a step after": built(shell(given(step), "two", {}, { source: script, line: 1 })),
  "frontend, second output": built(files(given(mountOutput(out, "/out")), mkdirAction("/d", {}))),
  "frontend, shares its ops": built(
    merge([given(step), withMetadata(shell(base(), "one"), { exportCache: true }), given(out)], here),
  ),
  "frontend, comes later": built(merge([shell(base(), "one", {}, { source: script, line: 1 }), given(step)], here)),
};

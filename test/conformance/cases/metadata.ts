import { mkdirAction } from "../../../src/llb/action.ts";
import { diff } from "../../../src/llb/diff.ts";
import { type RunOptions, run } from "../../../src/llb/exec.ts";
import type { Location } from "../../../src/llb/location.ts";
import { merge } from "../../../src/llb/merge.ts";
import type { MetadataOptions } from "../../../src/llb/metadata.ts";
import { image } from "../../../src/llb/source-image.ts";
import { type State, withMetadata } from "../../../src/llb/state.ts";
import { alpine, base, context, files, type Graph, here } from "./case.ts";

const root = base();
const shell = (state: State, options: RunOptions = {}, command = "one") => run(state, command, options, here);
const described = (options: MetadataOptions) => withMetadata(shell(root), options);
const compile = { id: "id", name: "compile" };

const script = { name: "build.lua", data: 'local base = bk.image("alpine")\nreturn base\n' };
const module = { name: "lib/base.lua", data: "-- é\n" };
const line = (number: number, caller?: Location): Location => ({ source: script, line: number, caller });
const located = (from: Location, at?: Location) =>
  run(image(alpine, {}, { location: from }), "one", {}, { location: at });

/** The graphs of go/metadata.go. */
export const metadata: Readonly<Record<string, State | Graph>> = {
  "metadata, name": shell(root, { name: "the first" }),
  "metadata, description": described({
    description: new Map([
      ["b", "2"],
      ["a", "1"],
      ["", ""],
    ]),
  }),
  "metadata, no cache": shell(root, { noCache: true }),
  "metadata, export cache": described({ exportCache: true }),
  "metadata, no export cache": described({ exportCache: false }),
  "metadata, group": withMetadata(shell(described({ group: compile }), {}, "two"), { group: compile }),
  "metadata, weak group": described({ group: { ...compile, weak: true } }),
  "metadata, everything": described({ group: compile, name: "n", noCache: true, exportCache: true }),
  "metadata, of a source": withMetadata(base(), { name: "base", noCache: true }),
  "metadata, of a file op": withMetadata(files(root, mkdirAction("/d", {})), { name: "make it" }),
  "metadata, of a merge": withMetadata(merge([root, context()], here), { name: "lay" }),
  "metadata, of a diff": withMetadata(diff(root, shell(root, {}, "x"), here), { name: "changes" }),
  "metadata, of equal ops": merge(
    [
      shell(root, { name: "a", noCache: true }),
      withMetadata(shell(base()), { name: "b", description: new Map([["k", "v"]]), exportCache: true }),
    ],
    here,
  ),
  "metadata, no cache for all": { state: shell(root), options: { noCache: true } },
  "source map": located(line(1), line(2)),
  "source map, through a module": located(line(1), { source: module, line: 1, caller: line(2) }),
  "source map, equal ops": merge([located(line(1), line(2)), located({ source: module, line: 3 }, line(5))], {
    location: line(300),
  }),
  "source map, some places": files(run(root, "one", {}, { location: line(2) }), mkdirAction("/d", {})),
};

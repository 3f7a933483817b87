import { createHash } from "node:crypto";
import type { Graph } from "./graph.ts";
import { matchNames, nameAlone } from "./match-name.ts";

/** What a daemon's status told of one of its vertices. Times are milliseconds. */
export interface TracedRun {
  readonly digest: string;
  /** Digests of what it uses, in the order of the op's inputs. */
  readonly inputs: readonly string[];
  readonly name: string;
  readonly cached: boolean;
  readonly error: string;
  readonly started: number;
  /** Absent when it had not ended when the trace did. */
  readonly completed: number | undefined;
  /** How long it ran in all: it may have run several times. */
  readonly duration: number;
}

/** The runs of a graph's vertices by number, and how they were found. */
export interface MatchedRuns {
  readonly runs: ReadonlyMap<number, TracedRun>;
  /** How many have the vertex's own digest. */
  readonly byDigest: number;
  /** How many have another digest, but alone have that name above inputs of those names. */
  readonly byName: number;
  /** Vertices of the graph without a run. */
  readonly missing: number;
}

/**
 * Finds the run of each vertex. A daemon's vertex has the digest of its op; a build that knew more of its images than the
 * graph does, or that a policy changed, has others: then a run fits that is the only one of its name and of its inputs' names.
 * Images are then compared without the digests that the build found, and a named context with what it stands for.
 */
export function matchRuns(graph: Graph, traced: readonly TracedRun[]): MatchedRuns {
  const byDigest = new Map(traced.map((run) => [run.digest, run]));
  const runs = new Map<number, TracedRun>();
  for (const { number, digest } of graph.vertices) {
    const run = byDigest.get(digest) ?? byDigest.get(withoutCache(digest));
    if (run !== undefined) runs.set(number, run);
  }
  const exact = runs.size;
  addByName(graph, traced, runs);
  const byName = runs.size - exact;
  return { runs, byDigest: exact, byName, missing: graph.vertices.length - runs.size };
}

/** The digest that a vertex gets when another build of it, which may use the cache, runs at the same time. */
export function withoutCache(digest: string): string {
  return digestOf(`${digest}-ignorecache`);
}

function addByName(graph: Graph, traced: readonly TracedRun[], runs: Map<number, TracedRun>): void {
  if (runs.size === graph.vertices.length) return;
  const ofGraph = new Map<number, string>();
  for (const { number, name, inputs } of graph.vertices) {
    ofGraph.set(
      number,
      shapeOf(
        name,
        inputs.map((input) => ofGraph.get(input.number) ?? ""),
      ),
    );
  }
  const nameOf = matchNames(graph.vertices.map(({ name }) => name));
  const ofTrace = traceShapes(traced.map((run) => ({ ...run, name: nameOf(run.name) })));
  const used = new Set([...runs.values()].map(({ digest }) => digest));
  const free = traced.filter(({ digest }) => !used.has(digest));
  const alone = uniqueBy(free, ({ digest }) => ofTrace.get(digest));
  const open = graph.vertices.filter(({ number }) => !runs.has(number));
  for (const [shape, { number }] of uniqueBy(open, (vertex) => ofGraph.get(vertex.number))) {
    const run = alone.get(shape);
    if (run !== undefined) runs.set(number, run);
  }
}

/** Without recursion: chains can be long, and a trace may have what does not end. */
function traceShapes(traced: readonly TracedRun[]): ReadonlyMap<string, string> {
  const byDigest = new Map(traced.map((run) => [run.digest, run]));
  const shapes = new Map<string, string>();
  for (const root of traced) {
    const path = [{ run: root, next: 0 }];
    const open = new Set([root.digest]);
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const { run } = frame;
      const input = shapes.has(run.digest) ? undefined : run.inputs[frame.next++];
      if (input !== undefined) {
        const used = byDigest.get(input);
        if (used === undefined || open.has(input)) continue;
        open.add(input);
        path.push({ run: used, next: 0 });
        continue;
      }
      shapes.set(
        run.digest,
        shapeOf(
          run.name,
          run.inputs.map((digest) => shapes.get(digest) ?? ""),
        ),
      );
      open.delete(run.digest);
      path.pop();
    }
  }
  return shapes;
}

function shapeOf(name: string, inputs: readonly string[]): string {
  return digestOf(JSON.stringify([nameAlone(name, inputs.length), ...inputs]));
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function uniqueBy<T>(list: readonly T[], keyOf: (item: T) => string | undefined): ReadonlyMap<string, T> {
  const groups = Map.groupBy(list, (item) => keyOf(item) ?? "");
  return new Map(
    [...groups].flatMap(([key, [item, ...others]]) =>
      key === "" || item === undefined || others.length > 0 ? [] : [[key, item] as const],
    ),
  );
}

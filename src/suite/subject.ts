import type { Target } from "../api/evaluation.ts";
import { stateHandle } from "../api/handles.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Op } from "../gen/ops.ts";
import { decodeGraphsAndOps } from "../graph/decode-graph.ts";
import type { Graph } from "../graph/graph.ts";
import { printText } from "../graph/text.ts";
import type { State } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";
import { noBaseImages } from "../script/base-images.ts";
import { defineBuild } from "../script/define-build.ts";
import { defaultPlatform } from "./default-platform.ts";
import { buildHandle, type Expectation } from "./handles.ts";
import { nameOf, type ScriptBuild } from "./script-runner.ts";
import { showLine } from "./show.ts";
import { isHandle, type Value } from "./value.ts";

/** The graph of a State or a Build, with the ops that its vertices were read from. */
export interface Subject {
  readonly graph: Graph;
  readonly ops: ReadonlyMap<string, Op>;
}

/** The graph that an expectation is about. Throws for a value that has none. */
export function subjectOf(expectation: Expectation): Subject {
  const subject = expectation.subject ?? findSubject(expectation);
  expectation.subject = subject;
  return subject;
}

function findSubject({ value }: Expectation): Subject {
  const state = stateOf(value);
  if (state !== undefined) return readSubject([{ state, config: {} }], defaultPlatform);
  const build = buildOf(value);
  if (build !== undefined) {
    build.subject ??= readSubject(build.evaluated.targets, build.platform);
    return build.subject;
  }
  throw new LuakitError("script.argument", `expected a State or a Build in expect(…), got ${showLine(value)}`);
}

export function stateOf(value: Value): State | undefined {
  return isHandle(value) ? stateHandle.valueOf(value) : undefined;
}

export function buildOf(value: Value): ScriptBuild | undefined {
  return isHandle(value) ? buildHandle.valueOf(value) : undefined;
}

function readSubject(targets: readonly Target[], platform: Platform): Subject {
  const definitions = targets.map((target) => ({
    name: targets.length === 1 ? undefined : nameOf(target),
    definition: defineBuild(target, platform, noBaseImages, { sketch: true }),
  }));
  return decodeGraphsAndOps(definitions);
}

/** The digest of the vertex that a State ends in; undefined for scratch. */
export function digestOfState(state: State): string | undefined {
  const { graph } = readSubject([{ state, config: {} }], defaultPlatform);
  const [input] = graph.results[0]?.inputs ?? [];
  return graph.vertices.find(({ number }) => number === input?.number)?.digest;
}

/** The graph as text that changes only when the build does: without the lines of scripts. */
export function graphText({ graph }: Subject): string {
  return printText({ ...graph, vertices: graph.vertices.map((vertex) => ({ ...vertex, locations: [] })) });
}

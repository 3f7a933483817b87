import { redact } from "../graph/redact.ts";
import { oneLine } from "../progress/harmless.ts";
import { isCanceled } from "../progress/traced-vertex.ts";
import type { CollectedVertex, Collector } from "./collector.ts";
import { type DefinitionFacts, type ReportDefinition, readDefinitions } from "./definition-facts.ts";
import { formatLog } from "./log-text.ts";
import { maskOf } from "./mask.ts";
import type {
  BuildResult,
  Fact,
  ReportCount,
  ReportData,
  ReportError,
  ReportState,
  ReportVertex,
} from "./report-data.ts";
import { readWarnings } from "./report-warnings.ts";
import { findCriticalPath, findWaits } from "./schedule.ts";
import { findSections } from "./sections.ts";
import { readWork, since } from "./transfers.ts";

/** A build that is over. */
export interface FinishedBuild {
  readonly title: string;
  readonly result: BuildResult;
  readonly error?: ReportError | undefined;
  readonly facts: readonly Fact[];
  /** By this machine's clock, in milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
  readonly definitions: readonly ReportDefinition[];
  /** Values that must not be seen. */
  readonly secrets: readonly string[];
  /** The bytes of files that exporters sent, by the name of the exporter's vertex. */
  readonly sent: ReadonlyMap<string, number>;
}

/** What the page shows of a build. Nothing in it drives a terminal but the colours of logs; passwords and secrets are out. */
export function makeReport(collector: Collector, build: FinishedBuild): ReportData {
  const mask = maskOf(build.secrets);
  const clean = (text: string) => mask(redact(text));
  const facts = factsOf(build.definitions);
  const collected = inOrder(collector.vertices());
  const { origin, time } = spanOf(collected, build);
  const places = new Map(collected.map(({ digest }, place) => [digest, place]));
  const sections = findSections(collected, facts.vertices);
  const groups = [...new Map(collected.flatMap(({ group }) => (group === undefined ? [] : [[group.id, group.name]])))];
  const end = origin + time;
  const vertices = collected.map((vertex, place): ReportVertex => {
    const intervals = vertex.intervals.map(
      ({ start, stop }) => [since(origin, start), since(origin, Math.max(start, stop ?? end))] as const,
    );
    const { names: _, ...known } = facts.vertices.get(vertex.digest) ?? { names: undefined };
    const group = groups.findIndex(([id]) => id === vertex.group?.id);
    const log = collector.logs.get(vertex.digest);
    return {
      name: clean(oneLine(vertex.name)),
      digest: vertex.digest,
      state: stateOf(vertex),
      section: sections.places[place] ?? 0,
      group: group < 0 ? undefined : group,
      intervals,
      time: Math.round(intervals.reduce((sum, [from, to]) => sum + to - from, 0) * 1000) / 1000,
      inputs: vertex.inputs.flatMap((digest) => places.get(digest) ?? []),
      error: vertex.error === "" ? undefined : clean(oneLine(vertex.error)),
      ...readWork(vertex, { origin, end, sent: build.sent, clean: (text) => clean(oneLine(text)) }),
      log: log && formatLog(log, vertex.intervals.at(-1)?.start ?? origin, clean),
      ...cleanFacts(known, clean),
    };
  });
  const waits = findWaits(vertices);
  const failed = vertices.findIndex(({ state }) => state === "failed");
  return {
    title: clean(build.title),
    result: build.result,
    error: build.error && cleanError(build.error, clean),
    facts: build.facts.map(([label, values]) => [label, values.map((value) => clean(oneLine(value)))]),
    began: build.began,
    time: Math.round(time),
    count: countSteps(collected),
    sections: sections.names.map(clean),
    groups: groups.map(([, name]) => clean(oneLine(name))),
    vertices: vertices.map((vertex, place) => ({ ...vertex, wait: waits[place] })),
    results: facts.results.flatMap(({ name, digests }) => {
      const vertex = digests.map((digest) => places.get(digest)).find((place) => place !== undefined);
      return vertex === undefined ? [] : [{ name: name === undefined ? undefined : clean(name), vertex }];
    }),
    criticalPath: findCriticalPath(vertices, failed < 0 ? undefined : failed),
    warnings: readWarnings(collector.warnings, places, clean),
  };
}

/** What cannot be read is left out: the build is over, and its report is worth more. */
function factsOf(definitions: readonly ReportDefinition[]): DefinitionFacts {
  try {
    return readDefinitions(definitions);
  } catch {
    return { vertices: new Map(), results: [] };
  }
}

/** The same with all texts after `clean`. */
function cleanFacts<T>(value: T, clean: (text: string) => string): T;
function cleanFacts(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleanFacts(item, clean));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleanFacts(item, clean)]));
}

/** Those that ran in the order of their beginnings, then the others. */
function inOrder(vertices: readonly CollectedVertex[]): readonly CollectedVertex[] {
  const start = ({ intervals }: CollectedVertex) => intervals[0]?.start ?? Number.MAX_VALUE;
  return [...vertices].sort((a, b) => start(a) - start(b));
}

/** Where the build begins and how long it is by the daemon's clock, which may be another than ours. */
function spanOf(
  vertices: readonly CollectedVertex[],
  { began, ended }: FinishedBuild,
): { readonly origin: number; readonly time: number } {
  const time = ended - began;
  const first = vertices[0]?.intervals[0]?.start ?? began;
  const origin = first < began || first > ended ? first : began;
  const last = vertices.flatMap(({ intervals }) => intervals.at(-1)?.stop ?? []);
  return { origin, time: last.reduce((longest, stop) => Math.max(longest, stop - origin), time) };
}

function stateOf({ intervals, error, cached }: CollectedVertex): ReportState {
  const last = intervals.at(-1);
  if (last === undefined) return "waiting";
  if (error !== "") return isCanceled(error) ? "canceled" : "failed";
  return last.stop === undefined ? "canceled" : cached ? "cached" : "done";
}

function countSteps(vertices: readonly CollectedVertex[]): ReportCount {
  const steps = new Map<string, { completed: boolean; cached: boolean }>();
  for (const vertex of vertices) {
    const key = vertex.group === undefined ? vertex.digest : `group ${vertex.group.id}`;
    const known = steps.get(key) ?? { completed: true, cached: true };
    const completed = vertex.intervals.at(-1)?.stop !== undefined;
    steps.set(key, { completed: known.completed && completed, cached: known.cached && vertex.cached && completed });
  }
  const all = [...steps.values()];
  return {
    steps: all.length,
    completed: all.filter(({ completed }) => completed).length,
    cached: all.filter(({ cached }) => cached).length,
  };
}

function cleanError({ message, hint, excerpts }: ReportError, clean: (text: string) => string): ReportError {
  const lines = (text: string) => clean(text).replace(/[^\P{Cc}\n\t]/gu, "");
  return {
    message: lines(message),
    hint: hint === undefined ? undefined : lines(hint),
    excerpts: excerpts.map((excerpt) => ({ ...excerpt, text: excerpt.text.map(clean) })),
  };
}

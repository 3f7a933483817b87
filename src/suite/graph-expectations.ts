import { integer } from "../lua/scalar.ts";
import { options } from "../lua/table.ts";
import { partOf, withFound } from "./compare.ts";
import { define, type TestFunction } from "./define.ts";
import { compareTexts, type Difference, unmet } from "./difference.ts";
import type { Found } from "./facts.ts";
import { expectationHandle } from "./handles.ts";
import {
  closeness,
  commandOf,
  type Dependency,
  type FoundKind,
  findAll,
  hasDependency,
  type Matcher,
  matches,
} from "./matcher.ts";
import { dependency, type GivenMatcher, matcherKinds } from "./matcher-kinds.ts";
import type { FindPattern } from "./pattern.ts";
import { showLine, showLong } from "./show.ts";
import { subjectOf } from "./subject.ts";
import { isList, type Value } from "./value.ts";

const returns = { type: "Expectation", handle: expectationHandle };

const words: Readonly<Record<FoundKind, { what: string; doc: string; sample: string; missing: string }>> = {
  exec: { what: "step", doc: "a step", sample: '{args = "make", env = {CGO_ENABLED = "0"}}', missing: '"gdb"' },
  source: { what: "source", doc: "a source", sample: '{image = "alpine"}', missing: '"debian"' },
  file: {
    what: "file action",
    doc: "a file action",
    sample: '{action = "mkfile", path = "/etc/motd"}',
    missing: '{path = "/etc/shadow"}',
  },
  copy: {
    what: "copy",
    doc: "a copy",
    sample: '{source = test.pattern("/app$"), dest = "/usr/bin/app"}',
    missing: '{dest = "/root"}',
  },
  mount: {
    what: "mount",
    doc: "a step with a mount",
    sample: '{type = "cache", dest = "/root/.cache"}',
    missing: '{type = "secret"}',
  },
};

const sampleBuild = `local app = bk.image("alpine")
    :run("make", {env = {CGO_ENABLED = "0"}, mounts = {bk.cache("/root/.cache")}})
    :mkfile("/etc/motd", "hello")
    :copy(bk.local_("context"), "app", "/usr/bin/app")`;

function sample(name: string, line: string): string {
  return `test("${name}", function()\n  ${sampleBuild}\n  ${line}\nend)`;
}

function hasFunction(kind: FoundKind): TestFunction {
  const { doc } = words[kind];
  return define({
    name: `expect:has_${kind}`,
    doc: `The graph has ${doc} like this. What the matcher does not name may be anything.`,
    self: expectationHandle,
    params: [{ name: "matcher", kind: matcherKinds[kind], doc: `What it is like; ${mainWords[kind]}` }],
    returns,
    example: sample(`has_${kind}`, `expect(app):has_${kind}(${words[kind].sample})`),
    run: (call, matcher) => {
      const subject = subjectOf(call.self);
      const { find } = call.session.host;
      const all = findAll(subject, kind);
      const found = all.filter((each) => matches(each, matcher, subject, find));
      const { count } = matcher;
      if (count === undefined ? found.length > 0 : found.length === count) return call.self;
      if (count !== undefined && found.length > 0) throw wrongCount(kind, matcher, found, count);
      throw notFound(kind, matcher, all, find);
    },
  });
}

const mainWords: Readonly<Record<FoundKind, string>> = {
  exec: "text alone is what the command holds.",
  source: "text alone is what the identifier holds.",
  file: "text alone is the path.",
  copy: "text alone is the destination.",
  mount: "text alone is the destination.",
};

function hasNoFunction(kind: FoundKind): TestFunction {
  return define({
    name: `expect:has_no_${kind}`,
    doc: `The graph has no such ${words[kind].what}.`,
    self: expectationHandle,
    params: [{ name: "matcher", kind: matcherKinds[kind], doc: `As for \`has_${kind}\`.` }],
    returns,
    example: sample(`has_no_${kind}`, `expect(app):has_no_${kind}(${words[kind].missing})`),
    run: (call, matcher) => {
      const subject = subjectOf(call.self);
      const found = findAll(subject, kind).find((each) => matches(each, matcher, subject, call.session.host.find));
      if (found === undefined) return call.self;
      throw unmet(`${describe(kind, found)} matches ${showMatcher(matcher)}, and none should`);
    },
  });
}

function showMatcher({ expected, from, dependsOn }: Matcher): string {
  const shown = new Map<string, Value>(expected);
  if (from !== undefined) shown.set("from", "a State");
  if (dependsOn !== undefined) shown.set("depends_on", "…");
  return showLine(shown);
}

/** `step #3 (build.lua:7)`. */
function describe(kind: FoundKind, { vertex }: Found): string {
  const [place] = vertex.locations;
  const line = place === undefined ? "" : ` (${place.file}:${place.line})`;
  const what = kind === "mount" ? "a mount of step" : kind === "file" ? "a file action of" : words[kind].what;
  return `${what} #${vertex.number}${line}`;
}

function wrongCount(kind: FoundKind, matcher: Matcher, found: readonly Found[], count: number) {
  const places = found.map((each) => describe(kind, each)).join(", ");
  return unmet(`${found.length} match ${showMatcher(matcher)} and not ${count}: ${places}`);
}

function notFound(kind: FoundKind, matcher: GivenMatcher, all: readonly Found[], find: FindPattern) {
  const { what } = words[kind];
  if (all.length === 0) return unmet(`no ${what} matches ${showMatcher(matcher)}: the graph has none`);
  const nearest = all.reduce((best, each) =>
    closeness(each, matcher, find) > closeness(best, matcher, find) ? each : best,
  );
  const which = all.length === 1 ? "the only one" : `the nearest of ${all.length}`;
  const message = `no ${what} matches ${showMatcher(matcher)}; ${which} is ${describe(kind, nearest)}`;
  return unmet(message, differenceOf(matcher, nearest, find));
}

function differenceOf({ expected }: Matcher, { facts, vertex }: Found, find: FindPattern): Difference | undefined {
  const wanted = new Map<string, Value>();
  const there = new Map<string, Value>();
  for (const [key, value] of expected) {
    const actual = key === "mount" ? mountsOf(facts) : facts.get(key);
    const text = key === "args" && !isList(value) ? commandOf(actual) : undefined;
    wanted.set(key, text === undefined ? withFound(value, actual, find) : foundIn(text, value, find));
    if (text !== undefined) there.set(key, text);
    else if (actual !== undefined) there.set(key, partOf(actual, value));
  }
  if (vertex.kind === "Exec" && there.size === 0) return undefined;
  return compareTexts(showLong(wanted), showLong(there));
}

function mountsOf(facts: Found["facts"]): Value {
  return facts.get("mounts") ?? [];
}

/** The whole text where it holds what is expected, so that the two lines are the same. */
function foundIn(text: string, expected: Value, find: FindPattern): Value {
  if (typeof expected === "string") return text.includes(expected) ? text : expected;
  return withFound(expected, text, find);
}

const dependsOnFunctions = [false, true].map((isNegative) =>
  define({
    name: isNegative ? "expect:not_depends_on" : "expect:depends_on",
    doc: isNegative
      ? "Nothing like this is in the graph."
      : "The graph holds a State, or something like what is described: the build stands on it.",
    self: expectationHandle,
    params: [
      {
        name: "dependency",
        kind: dependency,
        doc: "A State, or `{exec = …}`, `{source = …}`, `{file = …}`, `{copy = …}` or `{mount = …}`.",
      },
    ],
    returns,
    example: isNegative
      ? sample("not_depends_on", 'expect(app):not_depends_on({exec = "go test"})')
      : sample("depends_on", 'expect(app):depends_on(bk.image("alpine"))'),
    run: (call, on: Dependency) => {
      const subject = subjectOf(call.self);
      const all = new Set(subject.graph.vertices.map(({ number }) => number));
      const there = hasDependency(all, on, subject, call.session.host.find);
      if (there !== isNegative) return call.self;
      const what = "state" in on ? "that State" : `a ${words[on.kind].what} that matches ${showMatcher(on.matcher)}`;
      throw unmet(isNegative ? `the build stands on ${what}` : `the build does not stand on ${what}`);
    },
  }),
);

const counted = ["exec", "source", "file", "merge", "diff", "build"] as const;
const amount = integer({ min: 0 });

const counts = define({
  name: "expect:counts",
  doc: "The graph has so many vertices of these kinds.",
  self: expectationHandle,
  params: [
    {
      name: "numbers",
      kind: options(
        {
          exec: { kind: amount, doc: "Steps." },
          source: { kind: amount, doc: "Sources." },
          file: { kind: amount, doc: "File ops; one can hold several actions." },
          merge: { kind: amount, doc: "Merges." },
          diff: { kind: amount, doc: "Differences." },
          build: { kind: amount, doc: "Builds of other frontends." },
          total: { kind: amount, doc: "All of them." },
        },
        { type: "Counts" },
      ),
      doc: "The numbers.",
    },
  ],
  returns,
  example: sample("counts", "expect(app):counts({exec = 1, source = 2, total = 5})"),
  run: (call, expected) => {
    const { graph } = subjectOf(call.self);
    const there = new Map<string, Value>([["total", graph.vertices.length]]);
    for (const kind of counted) {
      there.set(kind, graph.vertices.filter((vertex) => vertex.kind.toLowerCase() === kind).length);
    }
    const wanted = new Map<string, Value>(Object.entries(expected));
    if ([...wanted].every(([kind, number]) => there.get(kind) === number)) return call.self;
    throw unmet(
      "the graph has other numbers of vertices",
      compareTexts(showLong(wanted), showLong(partOf(there, wanted))),
    );
  },
});

const kinds: readonly FoundKind[] = ["exec", "source", "file", "copy", "mount"];

export const graphExpectations: readonly TestFunction[] = [
  ...kinds.flatMap((kind) => [hasFunction(kind), hasNoFunction(kind)]),
  ...dependsOnFunctions,
  counts,
];

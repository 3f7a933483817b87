import { state } from "../api/handles.ts";
import { formatFamiliarReference, parseReference } from "../image/reference.ts";
import type { State } from "../llb/state.ts";
import { oneOf, refine } from "../lua/compose.ts";
import type { Handle } from "../lua/handle.ts";
import type { Field, Kind } from "../lua/kind.ts";
import { boolean, integer, literal, number, text } from "../lua/scalar.ts";
import { list, map, options } from "../lua/table.ts";
import type { Dependency, FoundKind, Matcher } from "./matcher.ts";
import { pattern, patternHandle } from "./pattern.ts";
import type { Value } from "./value.ts";

const patternValue: Kind<Handle> = refine(pattern, {}, (value) => patternHandle.of(value));
const word: Kind<string | Handle> = oneOf(text, patternValue);
const words: Kind<readonly (string | Handle)[]> = list(word);
const scalarValue: Kind<Value> = refine(
  oneOf(word, number, boolean),
  { type: "string|number|boolean|Pattern", expected: "string" },
  (value) => (typeof value === "number" ? String(value) : value),
);
const table: Kind<Value> = map(scalarValue);

const mountFields = {
  type: {
    kind: literal("bind", "cache", "secret", "ssh", "tmpfs"),
    doc: "What it is.",
  },
  dest: { kind: word, doc: "Where the step sees it." },
  id: { kind: word, doc: "The id of a cache, secret or ssh agent." },
  sharing: { kind: literal("shared", "private", "locked"), doc: "Of a cache." },
  selector: { kind: word, doc: "The path within the State." },
  readonly: { kind: boolean, doc: "Whether the step may write to it." },
  size: { kind: integer({ min: 0 }), doc: "The most bytes of a tmpfs." },
  mode: { kind: word, doc: 'The mode of a secret or socket: `"0400"`.' },
  uid: { kind: integer({ min: 0 }), doc: "The owner of a secret or socket." },
  gid: { kind: integer({ min: 0 }), doc: "The group of a secret or socket." },
  optional: { kind: boolean, doc: "Whether the step goes on without it." },
  content_cache: { kind: literal("on", "off"), doc: "As `bk.bind` has it." },
} as const satisfies Record<string, Field>;

/** A mount by its destination, or by what it is like. */
const mountValue: Kind<Value> = refine(
  oneOf(word, options(mountFields, { type: "MountMatcher" })),
  { type: "string|Pattern|MountMatcher", expected: "mount" },
  (value): Value => (isHandleOrText(value) ? new Map([["dest", value]]) : toMap(value)),
);

const from = { kind: state, doc: "The State that the files come from." } as const;

const fieldsOf = {
  exec: {
    args: {
      kind: oneOf(word, words),
      doc: "Text that the command holds, or a Pattern; a list is the whole command. Of `sh -c`, the script counts.",
    },
    name: { kind: word, doc: "What progress shows." },
    cwd: { kind: word, doc: "The working directory." },
    user: { kind: word, doc: "Who runs it." },
    env: { kind: table, doc: "Variables that it has, among others; `false` means that it has none of that name." },
    secrets_env: { kind: table, doc: "Variables from secrets, by name: the id of the secret." },
    mount: {
      kind: oneOf(mountValue, list(mountValue)),
      doc: "A mount that it has, among others, or a list of them; text is the destination.",
    },
    network: { kind: literal("sandbox", "host", "none"), doc: "Its network." },
    security: { kind: literal("sandbox", "insecure"), doc: "Its rights." },
    hostname: { kind: word, doc: "Its host name." },
    hosts: { kind: table, doc: "Hosts that it knows, by name: the address." },
    no_cache: { kind: boolean, doc: "Whether it runs anew in every build." },
    group: { kind: word, doc: "Its progress group." },
    platform: { kind: word, doc: "Its platform." },
  },
  source: {
    identifier: { kind: word, doc: "Text that the identifier holds: `docker-image://docker.io/library/alpine`." },
    image: { kind: word, doc: "The name of an image, as people write it: `alpine:3.22`." },
    local_: { kind: word, doc: "The name of a local directory: `context`." },
    git: { kind: word, doc: "The repository, without `git://`." },
    http: { kind: word, doc: "The URL of a download." },
    attributes: { kind: table, doc: "Attributes as the daemon gets them: `http.checksum`." },
    name: { kind: word, doc: "What progress shows." },
    no_cache: { kind: boolean, doc: "Whether it is looked up anew in every build." },
    platform: { kind: word, doc: "Its platform." },
  },
  file: {
    action: { kind: literal("mkdir", "mkfile", "rm", "symlink", "copy"), doc: "What is done." },
    path: { kind: word, doc: "The path that is made or removed." },
    data: { kind: word, doc: "What `mkfile` writes." },
    target: { kind: word, doc: "Where a symlink leads." },
    mode: { kind: word, doc: 'The mode: `"0755"`.' },
    owner: { kind: word, doc: 'The owner: `"app"`, `"1000:1000"`.' },
    make_parents: { kind: boolean, doc: "Whether `mkdir` makes parents." },
    created: { kind: word, doc: "The time of the file." },
  },
  copy: {
    source: { kind: word, doc: "What is copied." },
    dest: { kind: word, doc: "Where it goes." },
    from,
    mode: { kind: word, doc: 'The mode: `"0755"`.' },
    owner: { kind: word, doc: 'The owner: `"app"`, `"1000:1000"`.' },
    include: { kind: words, doc: "The include patterns." },
    exclude: { kind: words, doc: "The exclude patterns." },
    follow_symlink: { kind: boolean, doc: "As `state:copy` has it, like the next ones." },
    unpack: { kind: boolean, doc: "Whether archives are unpacked." },
    always_replace: { kind: boolean, doc: "Whether what is there is replaced." },
    created: { kind: word, doc: "The time of the files." },
  },
  mount: mountFields,
} as const satisfies Record<FoundKind, Record<string, Field>>;

/** What text alone means. */
const mainField: Readonly<Record<FoundKind, string>> = {
  exec: "args",
  source: "identifier",
  file: "path",
  copy: "dest",
  mount: "dest",
};

const typeNames: Readonly<Record<FoundKind, string>> = {
  exec: "ExecMatcher",
  source: "SourceMatcher",
  file: "FileMatcher",
  copy: "CopyMatcher",
  mount: "MountMatcher",
};

/** A matcher as scripts write it: text, a Pattern, or a table of what is expected. */
function matcherKind(
  kind: FoundKind,
  more: Readonly<Record<string, Field>>,
  type = typeNames[kind],
): Kind<GivenMatcher> {
  const fields: Readonly<Record<string, Field>> = { ...fieldsOf[kind], ...more };
  return refine(
    oneOf(word, options(fields, { type })),
    { type: `string|Pattern|${type}`, expected: "string or table" },
    (value): GivenMatcher => {
      if (isHandleOrText(value)) return { expected: new Map([[mainField[kind], value]]) };
      const { count, depends_on: on, from: state, ...rest } = value as Given;
      return { expected: derived(kind, toMap(rest)), count, dependsOn: on, from: state };
    },
  );
}

interface Given {
  readonly count?: number;
  readonly depends_on?: Dependency;
  readonly from?: State;
  readonly [key: string]: unknown;
}

/** A matcher, and how many there must be. */
export interface GivenMatcher extends Matcher {
  readonly count?: number | undefined;
}

/** What stands for sources in graphs, from what people write. */
function derived(kind: FoundKind, expected: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const image = expected.get("image");
  if (kind !== "source" || typeof image !== "string") return expected;
  return new Map([...expected, ["image", formatFamiliarReference(parseReference(image))]]);
}

function isHandleOrText(value: unknown): value is string | Handle {
  return (
    typeof value === "string" ||
    (typeof value === "object" && value !== null && "type" in value && value.type === patternHandle)
  );
}

function toMap(given: object): ReadonlyMap<string, Value> {
  return new Map(Object.entries(given).map(([key, value]) => [key, value as Value]));
}

const dependencyFields = {
  exec: { kind: matcherKind("exec", {}), doc: "A step." },
  source: { kind: matcherKind("source", {}), doc: "A source." },
  file: { kind: matcherKind("file", {}), doc: "A file action." },
  copy: { kind: matcherKind("copy", {}), doc: "A copy." },
  mount: { kind: matcherKind("mount", {}), doc: "A mount of a step." },
} as const satisfies Record<FoundKind, Field>;

/** What something stands on: a State, or one thing in the graph. */
export const dependency: Kind<Dependency> = refine(
  oneOf(state, options(dependencyFields, { type: "Dependency" })),
  { type: "State|Dependency", expected: "State or table" },
  (value): Dependency => {
    const [entry] = Object.entries(value).filter(([key]) => Object.hasOwn(dependencyFields, key));
    if (entry === undefined || !("expected" in Object(entry[1]))) return { state: value as State };
    return { kind: entry[0] as FoundKind, matcher: entry[1] as Matcher };
  },
);

const countField = {
  count: { kind: integer({ min: 0 }), doc: "How many there must be. Default: one or more." },
} as const;
const dependsField = {
  depends_on: {
    kind: dependency,
    doc: "What it stands on, directly or not: a State, or `{exec = …}`, `{source = …}`, `{file = …}`, `{copy = …}`, `{mount = …}`.",
  },
} as const;

/** The matchers of `has_exec` and its like. */
export const matcherKinds: Readonly<Record<FoundKind, Kind<GivenMatcher>>> = {
  exec: matcherKind("exec", { ...dependsField, ...countField }, "HasExecOptions"),
  source: matcherKind("source", countField, "HasSourceOptions"),
  file: matcherKind("file", { ...dependsField, ...countField }, "HasFileOptions"),
  copy: matcherKind("copy", { ...dependsField, ...countField }, "HasCopyOptions"),
  mount: matcherKind("mount", { from, ...countField }, "HasMountOptions"),
};

import { apiFunctions, apiHandles } from "../src/api/api.ts";
import { type Fields, isOptional, namedTables, presentType } from "../src/api/describe.ts";
import type { FunctionDescriptor, Parameter } from "../src/lua/function.ts";
import type { Field, Kind } from "../src/lua/kind.ts";

interface Section {
  readonly title: string;
  readonly intro: string;
  readonly names: readonly string[];
}

const sections: readonly Section[] = [
  {
    title: "Sources",
    intro: "Where files come from. Each gives a State.",
    names: [
      ...["bk.image", "bk.scratch", "bk.local_", "bk.git", "bk.http", "bk.https", "bk.oci_layout", "bk.blob"],
      ...["bk.dockerfile", "bk.frontend"],
    ],
  },
  { title: "Steps", intro: "Commands that run on a State.", names: ["state:run", "state:mount"] },
  {
    title: "Mounts",
    intro: "What a step sees beside its own files: `state:run(cmd, {mounts = {…}})`.",
    names: ["bk.cache", "bk.secret", "bk.ssh", "bk.tmpfs", "bk.bind"],
  },
  {
    title: "Files",
    intro: "Changes of files that need no program in the image. Each call is one op, with a cache entry of its own.",
    names: ["state:copy", "state:mkdir", "state:mkfile", "state:rm", "state:symlink", "state:files"],
  },
  {
    title: "Settings",
    intro: "What the steps that follow start with: the base image's config, then these, then the options of a step.",
    names: [
      ...["state:with_env", "state:with_args", "state:with_dir", "state:with_user", "state:with_shell"],
      "state:with_hostname",
      ...["state:with_network", "state:with_security", "state:with_hosts", "state:with_metadata"],
      "state:for_platform",
    ],
  },
  { title: "Graph", intro: "States from several States.", names: ["bk.merge", "bk.diff"] },
  { title: "Results", intro: "What the script gives back.", names: ["bk.export", "bk.target"] },
  {
    title: "Arguments and platforms",
    intro: "What the command line says.",
    names: ["bk.arg", "bk.expand", "bk.platform", "bk.target_platform", "bk.build_platform"],
  },
  {
    title: "Messages and JSON",
    intro: "For people and data.",
    names: ["bk.log", "bk.warn", "json.decode", "json.encode"],
  },
];

const head = `# API

Everything is in the global \`bk\`, but for \`json\`. A State is a file tree in the making, with the settings of the steps
that run in it. It never changes: every method gives a new State.

\`\`\`lua
local base = bk.image("alpine:3.22"):with_env({LANG = "C.UTF-8"})
local built = base:run("apk add git", {mounts = {bk.cache("/var/cache/apk")}})
bk.export(built, {entrypoint = {"git"}})
\`\`\`

Options are one table, the last argument, and each of them may be left out unless it says *Required*. They are checked: an unknown one is
refused with the nearest name, a value of the wrong type with what was expected.

[The script language](script.md) says what else a script can do, [patterns](patterns.md) shows how calls go together, and
[types](#types) how types are written. This page is made from the functions' own descriptions by \`scripts/docs.ts\`.
`;

/** docs/api.md: every function of the API with its parameters, options and example. */
export function renderApiPage(): string {
  const rendered = sections.flatMap((section) => [...section.names]);
  const isListed = (name: string) => rendered.includes(name) || name.startsWith("files:");
  const missing = apiFunctions.filter(({ name }) => !isListed(name));
  if (missing.length > 0) throw new Error(`no section has ${missing.map(({ name }) => name).join(", ")}`);
  return `${[head, renderContents(), ...sections.map(renderSection), renderTypes()].join("\n").trimEnd()}\n`;
}

function renderContents(): string {
  const lines = sections.map(({ title, names }) => {
    const links = names.filter(findFunction).map((name) => `[\`${name}\`](#${anchor(name)})`);
    return `| ${title} | ${links.join(" ")} |`;
  });
  return ["| | |", "| --- | --- |", ...lines, ""].join("\n");
}

function renderSection({ title, intro, names }: Section): string {
  const functions = names.map(findFunction).filter((found) => found !== undefined);
  const parts = functions.map((each, index) => renderFunction(each, functions[index - 1]));
  return [`## ${title}`, "", intro, "", ...parts].join("\n");
}

function findFunction(name: string): FunctionDescriptor<never> | undefined {
  return apiFunctions.find((each) => each.name === name);
}

/** The anchor that GitHub gives to the heading of a function. */
function anchor(name: string): string {
  return name.replace(/[^a-z_]/g, "");
}

function renderFunction(described: FunctionDescriptor<never>, previous?: FunctionDescriptor<never>): string {
  const { name, doc, params, returns, example } = described;
  if (previous?.doc === doc) return [`### ${name}`, "", `The same as \`${previous.name}\`.`, ""].join("\n");
  const signature = `${name}(${params.map(renderParameter).join(", ")})${returns === undefined ? "" : ` → ${returns.type}`}`;
  const tables = params.flatMap(({ kind }) => renderOptions(kind));
  return [
    ...[`### ${name}`, "", `\`${signature}\``, "", `${doc}${returns?.doc ? ` Gives ${returns.doc}` : ""}`, ""],
    ...params.filter(isSaid).map((parameter) => `- \`${parameter.name}\`: ${describeParameter(parameter)}`),
    ...(params.some(isSaid) ? [""] : []),
    ...tables,
    ...["```lua", example, "```", ""],
  ].join("\n");
}

function isSaid({ kind, doc }: Parameter): boolean {
  return doc !== undefined || findFields(kind) === undefined;
}

function renderParameter({ name, kind, rest }: Parameter): string {
  return rest === true ? "..." : isOptional(kind) ? `${name}?` : name;
}

function describeParameter({ kind, doc, rest }: Parameter): string {
  const type = findFields(kind) === undefined ? `${renderType(presentType(kind))}. ` : "";
  return `${type}${doc ?? ""}${rest === true ? " Any number of them." : ""}`.trim();
}

/** The table of a kind's options, then those of options that are tables themselves. */
function renderOptions(kind: Kind<unknown>): string[] {
  const fields = findFields(kind);
  if (fields === undefined) return [];
  const inner = Object.entries(fields).flatMap(([key, field]) =>
    field.kind.fields === undefined ? [] : [`\`${key}\`:`, "", ...renderOptions(field.kind)],
  );
  return [...renderFields(fields), "", ...inner];
}

function renderFields(fields: Fields): string[] {
  const rows = Object.entries(fields).map(([key, field]) => renderRow(key, field));
  return ["| option | type | |", "| --- | --- | --- |", ...rows];
}

function renderRow(key: string, { kind, doc, required }: Field): string {
  const text = `${required === true ? "Required. " : ""}${doc}`;
  return `| \`${key}\` | ${escapeCell(renderType(kind.type))} | ${escapeCell(text)} |`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** The fields of a kind that is an options table, optional or one of several. A handle's other forms do not count. */
function findFields(kind: Kind<unknown>): Fields | undefined {
  if (kind.fields !== undefined) return kind.fields;
  if (!/Options\b/.test(kind.type)) return undefined;
  return kind.parts?.map(findFields).find((fields) => fields !== undefined);
}

const notation = `| type | a value |
| --- | --- |
| \`string\` \`integer\` \`number\` \`boolean\` | \`"text"\`, \`8\`, \`1.5\`, \`true\` |
| \`"a"\\|"b"\` | one of these words |
| \`string\\|integer\` | either |
| \`string[]\` | a list: \`{"a", "b"}\` |
| \`table<string, string>\` | names and values: \`{NAME = "value", ["other-name"] = "value"}\` |
| \`fun(f: Files)\` | a function that gets a Files |
| file modes | octal text: \`"0755"\`. A number that reads like a mode, \`755\`, is refused |
| sizes | bytes or text: \`1048576\`, \`"64MB"\` |
| durations | text: \`"30s"\`, \`"1m30s"\` |
| platforms | \`"linux/arm64"\`, \`"linux/arm/v7"\`, or [\`bk.platform\`](#bkplatform) |
| patterns | as in .dockerignore: \`*\` is within a name, \`**\` any directories, \`!\` takes back |
`;

function renderTypes(): string {
  const handles = apiHandles.map(({ name, doc }) => `- **${name}**: ${doc}`);
  const tables = [...smallTables()].flatMap(([name, fields]) => [`### ${name}`, "", ...renderFields(fields), ""]);
  return ["## Types", "", notation, "Values that functions give:", "", ...handles, "", ...tables].join("\n");
}

/** Tables that are one of several forms of a value, so no function's own options. */
function smallTables(): ReadonlyMap<string, Fields> {
  return new Map([...namedTables(apiFunctions)].filter(([name]) => /^[A-Z]/.test(name) && !name.endsWith("Options")));
}

/** A type as code, with links to the tables that it names. */
function renderType(type: string): string {
  const names = [...smallTables().keys()].join("|");
  const parts = type.split(new RegExp(`\\b(${names})\\b`));
  const code = (text: string) => (text === "" ? "" : `\`${text}\``);
  return parts
    .map((part, index) => (index % 2 === 0 ? code(part) : `[${code(part)}](#${part.toLowerCase()})`))
    .join("");
}

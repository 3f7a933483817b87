import { type Fields, isOptional, namedTables, presentType } from "../src/api/describe.ts";
import type { Parameter } from "../src/lua/function.ts";
import { testFunctions, testHandles } from "../src/suite/functions.ts";

type TestFunction = (typeof testFunctions)[number];

interface Section {
  readonly title: string;
  readonly intro: string;
  readonly has: (name: string) => boolean;
}

const graphical = /^expect:(has_(no_)?(exec|source|file|copy|mount)|(not_)?depends_on|counts)$/;

const sections: readonly Section[] = [
  {
    title: "Declaring tests",
    intro: "The name of a test is those of its groups and its own.",
    has: (name) => /^(test|describe)(\.skip|\.only)?$|_each$/.test(name),
  },
  {
    title: "Making something to check",
    intro: "States can be made right in a test, with `bk`, or by a script.",
    has: (name) => /^test\.(script|pattern|solve)$/.test(name),
  },
  {
    title: "Build",
    intro: "What `test.script` gives. Fields, read without a call.",
    has: (name) => name.startsWith("build."),
  },
  {
    title: "Values, errors, snapshots",
    intro: "Every method gives the Expectation again, so that they can follow each other.",
    has: (name) => name.startsWith("expect") && !graphical.test(name),
  },
  {
    title: "Graphs",
    intro: "Of a State or a Build. No daemon and no registry is asked.",
    has: (name) => graphical.test(name),
  },
  {
    title: "Solved",
    intro: "What `test.solve` gives. It lives as long as its test.",
    has: (name) => name.startsWith("solved"),
  },
];

const head = `# The test API

What \`*_test.lua\` files have beside [the functions of builds](api.md); [luakit test](test.md) says how they are run. This page is
made from the functions' own descriptions by \`scripts/docs.ts\`. The examples are about this script:

\`\`\`lua title="build.lua"
print("the version is " .. bk.arg("VERSION", "dev"))
if bk.arg("DEBUG", "") ~= "" then
  bk.warn("debug builds are slow")
end
bk.target("release", { default = true }, function()
  return bk.image("golang:1.25"):run("go build -o /app ."), { entrypoint = { "/app" } }
end)
\`\`\`
`;

const foot = `## Running them

With \`CI=true\` the examples of \`test.only\` and \`matches_snapshot\` would fail, as they should.

\`\`\`sh
CI= luakit test --solve
\`\`\`
`;

/** docs/test-api.md: every function of tests with its parameters, options and example. */
export function renderTestPage(): string {
  const missing = testFunctions.filter(({ name }) => sections.filter(({ has }) => has(name)).length !== 1);
  if (missing.length > 0) throw new Error(`not one section has ${missing.map(({ name }) => name).join(", ")}`);
  const handles = testHandles.map(({ name, doc }) => `- **${name}**: ${doc}`);
  const tables = [...namedTables(testFunctions)]
    .filter(([name]) => /^[A-Z]/.test(name) && name !== "PlatformParts")
    .flatMap(([name, fields]) => [`### ${name}`, "", ...renderFields(fields), ""]);
  const types = ["## Types", "", ...handles, "", ...tables];
  return [head, ...sections.map(renderSection), ...types, foot].join("\n");
}

function renderSection({ title, intro, has }: Section): string {
  const functions = testFunctions.filter(({ name }) => has(name));
  return [`## ${title}`, "", intro, "", ...functions.map(renderFunction)].join("\n");
}

function renderFunction({ name, doc, params, returns, example, isField }: TestFunction): string {
  const call = isField === true ? "" : `(${params.map(renderParameter).join(", ")})`;
  const signature = `${name}${call}${returns === undefined ? "" : ` → ${returns.type}`}`;
  const file = `${name.replace(/[.:]/g, "-")}_test.lua`;
  return [
    ...[`### ${name}`, "", `\`${signature}\``, "", doc, ""],
    ...params.map(
      (parameter) => `- \`${parameter.name}\`: \`${presentType(parameter.kind)}\`. ${parameter.doc ?? "Options."}`,
    ),
    ...(params.length > 0 ? [""] : []),
    ...[`\`\`\`lua title="${file}"`, example, "```", ""],
  ].join("\n");
}

function renderParameter({ name, kind }: Parameter): string {
  return isOptional(kind) ? `${name}?` : name;
}

function renderFields(fields: Fields): string[] {
  const rows = Object.entries(fields).map(([key, { kind, doc, required }]) => {
    const text = `${required === true ? "Required. " : ""}${doc}`;
    return `| \`${key}\` | ${escapeCell(`\`${kind.type}\``)} | ${escapeCell(text)} |`;
  });
  return ["| option | type | |", "| --- | --- | --- |", ...rows];
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

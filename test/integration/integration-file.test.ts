import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Glob } from "bun";
import packageJson from "../../package.json" with { type: "json" };
import { capture } from "../../scripts/testbed/command.ts";
import { needProgram } from "../../scripts/testbed/debian.ts";
import { actionlint } from "../support/actionlint.ts";
import { inDirectory } from "../support/build.ts";
import { checkSchema, zizmor } from "../support/python-tool.ts";

setDefaultTimeout(300_000);

const checkout = resolve(import.meta.dir, "../..");
const examples = join(checkout, "examples/integration");
const workflows = join(examples, "github-actions/.github/workflows");

describe.concurrent("files that a place of builds reads have no mistakes", () => {
  test("workflows and the action of GitHub Actions", async () => {
    const action = join(checkout, "action.yml");
    const files = readdirSync(workflows).map((name) => join(workflows, name));
    expect(await actionlint(files)).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await zizmor([action, workflows])).toMatchObject({ exitCode: 0 });
    expect(await checkSchema("github-actions", action)).toMatchObject({ exitCode: 0 });
  });

  test("their shell scripts", async () => {
    // Of actionlint, which installs it.
    await actionlint(readdirSync(workflows).map((name) => join(workflows, name)));
    const own = ["install.sh", "build.sh"].map((name) => join(checkout, "scripts/action", name));
    const scripts = [...own, join(examples, "skaffold/build.sh")];
    expect(await capture([needProgram("shellcheck"), ...scripts])).toMatchObject({ exitCode: 0, stdout: "" });
  });

  for (const [schema, file] of [
    ["gitlab-ci", "gitlab-ci/.gitlab-ci.yml"],
    ["circle-ci", "circleci/.circleci/config.yml"],
  ] as const)
    test(file, async () => {
      expect(await checkSchema(schema, join(examples, file))).toMatchObject({ exitCode: 0 });
    });

  test("the tools see mistakes", () =>
    inDirectory(async (directory) => {
      const action = join(directory, "action.yml");
      const text = readFileSync(join(checkout, "action.yml"), "utf8");
      writeFileSync(action, text.replace("run: bash ", `run: luakit build \${{ inputs.args }} `));
      expect((await zizmor([action])).stdout).toContain("template-injection");
      writeFileSync(action, text.replace("      shell: bash\n", ""));
      expect((await checkSchema("github-actions", action)).stdout).toContain("not valid");
    }));
});

test("what installs luakit installs this version", () => {
  const pages = [...new Glob("docs/integration/*.md").scanSync(checkout)];
  const files = [...new Glob("examples/integration/**/*").scanSync({ cwd: checkout, dot: true })];
  const named = [...pages, ...files].flatMap((file) => {
    const text = readFileSync(join(checkout, file), "utf8");
    const found = text.matchAll(
      /(?:luakit-build\/luakit(?:-ci)?(?:@v|:|\/v)|install\.sh[^\n]*\n?[^\n]*--version )([\d.]*\d)/g,
    );
    return [...found].map(([, version]) => `${file}: ${version}`);
  });
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((each) => !each.endsWith(`: ${packageJson.version}`))).toEqual([]);
});

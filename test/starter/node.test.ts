import { describe, expect, test } from "bun:test";
import { node } from "../../src/starter/node.ts";
import { folderOf } from "./folder-of.ts";

function make(content: object, files: Readonly<Record<string, string>> = {}) {
  return node.make(folderOf({ "package.json": JSON.stringify(content), ...files }));
}

describe("the image", () => {
  test.each([
    [{ engines: { node: ">=20.1 <23" } }, {}, "node:20-slim"],
    [{ engines: { node: "22.11.0" } }, {}, "node:22.11.0-slim"],
    [{ engines: { node: "^18 || ^20" } }, {}, "node:18-slim"],
    [{ engines: { node: ">=20" } }, { ".nvmrc": "v22.4.1\n" }, "node:22.4.1-slim"],
    [{}, { ".nvmrc": "lts/jod\n", ".node-version": "22\n" }, "node:22-slim"],
    [{}, {}, "node:24-slim"],
  ])("of %j %j is %s", (content, files, image) => {
    expect(make(content, files).script).toContain(`bk.image("${image}")`);
  });
});

describe("packages", () => {
  test.each([
    [{ "package-lock.json": "" }, ['"npm ci"', '"npm ci --omit=dev"', "/root/.npm"]],
    [{}, ['"npm install"', '"npm install --omit=dev"', "/root/.npm"]],
    [{ "yarn.lock": "# yarn lockfile v1\n" }, ['"yarn install --frozen-lockfile"', "--production", "/.cache/yarn"]],
    [{ "yarn.lock": "__metadata:\n" }, ['"yarn install --immutable"', "corepack enable", "/root/.yarn/berry/cache"]],
    [{ "pnpm-lock.yaml": "" }, ['"pnpm install --frozen-lockfile"', "--prod", "/pnpm/store"]],
    [{ "bun.lock": "" }, ['"bun install --frozen-lockfile"', "oven/bun:1.3-slim", "/root/.bun/install/cache"]],
  ])("with %j are installed by %s", (files, words) => {
    const { script } = make({ name: "x" }, files);
    for (const word of words) expect(script).toContain(word);
  });

  test("are installed by the manager's own version", () => {
    const { script } = make({ packageManager: "pnpm@9.1.2+sha512.abc" }, { "pnpm-lock.yaml": "" });
    expect(script).toContain('"npm install --global pnpm@9.1.2"');
  });

  test("of workspaces are those of each one's package.json", () => {
    const { script } = make({ workspaces: ["packages/*", "./apps/web/"] }, { "package-lock.json": "" });
    const files = '"package.json", "package-lock.json", "packages/*/package.json", "apps/web/package.json"';
    expect(script).toContain(`{ include = { ${files} } }`);
  });

  test("have the settings of a registry, but no file with a token", () => {
    const lock = { "package-lock.json": "" };
    expect(make({}, { ...lock, ".npmrc": "registry=https://npm.example/\n" }).script).toContain('".npmrc"');
    expect(make({}, { ...lock, ".npmrc": "//npm.example/:_authToken=x\n" }).script).not.toContain('".npmrc"');
  });
});

describe("the command", () => {
  test.each([
    [{ scripts: { start: "node dist/index.js --port=80" } }, {}, '{ "node", "dist/index.js", "--port=80" }'],
    [{ scripts: { start: "PORT=80 node ." } }, {}, '{ "npm", "run", "start" }'],
    [{ scripts: { start: "next start" } }, { "bun.lock": "" }, '{ "bun", "run", "start" }'],
    [{ main: "lib/main.js" }, {}, '{ "node", "lib/main.js" }'],
    [{}, { "server.js": "" }, '{ "node", "server.js" }'],
  ])("of %j %j is %s", (content, files, command) => {
    expect(make(content, files).script).toContain(`cmd = ${command},`);
  });

  test("is the image's own when nothing says it", () => {
    expect(make({}).script).not.toContain("cmd =");
  });
});

test("tests are a target when there are some", () => {
  expect(make({ scripts: { test: "vitest run" } }).script).toContain('sources:run("npm run test")');
  expect(make({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }).script).not.toContain("test");
});

test("a package.json that is none is one that says nothing", () => {
  expect(node.make(folderOf({ "package.json": "{" })).saw).toContain("package.json: no name, no scripts");
});

import { beforeAll, describe, expect, test } from "bun:test";
import { buildWith, type Client, clients, type FailingBuild, type Said } from "../support/client.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { inTurn } from "../support/in-turn.ts";
import { testbed } from "../support/testbed.ts";

const busybox = testbed().images.busybox;

interface Failure {
  readonly title: string;
  readonly build: FailingBuild;
  /** The last of what the client prints, without its own words before it. */
  readonly says: string | RegExp;
  /** The lines that the client marks, callers first; the file starts with the line that names the frontend. */
  readonly marks: readonly string[];
  readonly clients?: readonly Client[];
}

const failures: readonly Failure[] = [
  {
    title: "a syntax error",
    build: { files: { "build.lua": "local a = 1\nlocal x = = 2\nbk.export(bk.scratch())\n" } },
    says: "build.lua:3: unexpected symbol near '='",
    marks: ["   3 | >>> local x = = 2"],
  },
  {
    title: "a runtime error within a function",
    build: { files: { "build.lua": "local function name(t)\n  return t.name\nend\n\nname()\n" } },
    says: "build.lua:3: attempt to index a nil value (local 't')",
    marks: ["   6 | >>> name()", "   3 | >>>   return t.name"],
    clients,
  },
  {
    title: "a runtime error within a module",
    build: {
      files: {
        "build.lua": 'local names = require("lib.names")\nnames.first()\n',
        "lib/names.lua": "local M = {}\nfunction M.first(t)\n  return t.first\nend\nreturn M\n",
      },
    },
    says: "lib/names.lua:4: attempt to index a nil value (local 't')",
    marks: ["   3 | >>> names.first()", "   4 | >>>   return t.first"],
  },
  {
    title: "a syntax error in a module",
    build: { files: { "build.lua": '\nrequire("names")\n', "names.lua": "return {1 2}\n" } },
    says: "names.lua:2: '}' expected near '2'",
    marks: ['   3 | >>> require("names")', "   2 | >>> return {1 2}"],
  },
  {
    title: "a module that is not there",
    build: { files: { "build.lua": '\nrequire("names")\n' } },
    says: /build\.lua:3: .*names/,
    marks: ['   3 | >>> require("names")'],
  },
  {
    title: "an error of the script's own",
    build: { files: { "build.lua": 'error("no luck today")' } },
    says: "build.lua:2: no luck today",
    marks: ['   2 | >>> error("no luck today")'],
  },
  {
    title: "an option that is misspelled",
    build: { files: { "build.lua": `bk.export(bk.image("${busybox}")\n  :run("true", {envs = {A = "b"}}))\n` } },
    says: 'build.lua:3: state:run: unknown option "envs" (did you mean "env"?)',
    marks: ['   3 | >>>   :run("true", {envs = {A = "b"}}))'],
  },
  {
    title: "a build argument that is missing, with what to type",
    build: { files: { "build.lua": 'bk.arg("VERSION", {required = true})' } },
    says: `build.lua:2: bk.arg: the build argument "VERSION" is required
hint: --build-arg VERSION=VALUE (buildctl: --opt build-arg:VERSION=VALUE)`,
    marks: ['   2 | >>> bk.arg("VERSION", {required = true})'],
  },
  {
    title: "a target that does not exist",
    build: {
      files: { "build.lua": 'bk.target("app", {}, function() return bk.scratch() end)' },
      target: "ap",
    },
    says: /no target "ap" \(did you mean "app"\?\)\nhint: the targets are app\s*$/,
    marks: ['   2 | >>> bk.target("app", {}, function() return bk.scratch() end)'],
  },
  {
    title: "a script that exports nothing",
    build: { files: { "build.lua": "local a = 1\n\n" } },
    says: "build.lua:2: the script exports nothing\nhint: bk.export(state)",
    marks: ["   2 | >>> local a = 1"],
  },
  {
    title: "a script that is not there",
    build: { files: { "other.lua": "" }, filename: "nope.lua" },
    says: /nope\.lua/,
    marks: [],
  },
  {
    title: "a step that fails",
    build: {
      files: {
        "build.lua": `local function fail(s)\n  return s:run("echo hello; exit 7")\nend\nbk.export(fail(bk.image("${busybox}")))`,
      },
    },
    says: /exit code: 7\s*$/,
    marks: [`   5 | >>> bk.export(fail(bk.image("${busybox}")))`, '   3 | >>>   return s:run("echo hello; exit 7")'],
    clients,
  },
  {
    title: "a secret that the client does not give",
    build: {
      files: {
        "build.lua": `local s = bk.image("${busybox}")\nbk.export(s:run("cat /token", {mounts = {bk.secret("/token", {id = "token"})}}))`,
      },
    },
    says: /secret token(: not found| not found: not found)\s*$/,
    marks: ['   3 | >>> bk.export(s:run("cat /token", {mounts = {bk.secret("/token", {id = "token"})}}))'],
  },
  {
    title: "a base image that does not exist",
    build: { files: { "build.lua": `local s = bk.image("${busybox}-nope")\nbk.export(s:run("true"))` } },
    says: /busybox:latest-nope: not found\s*$/,
    marks: [`   2 | >>> local s = bk.image("${busybox}-nope")`],
    clients,
  },
  {
    title: "a feature that the daemon is too old for",
    build: {
      files: {
        "build.lua": `local s = bk.image("${busybox}")\n\nbk.export(s:run("exit 1", {valid_exit_codes = {1}}))`,
      },
    },
    says: /build\.lua:4: the BuildKit daemon does not support "exec\.validexitcode"\nhint: .*v0\.\d+/,
    marks: ['   4 | >>> bk.export(s:run("exit 1", {valid_exit_codes = {1}}))'],
    clients: ["buildctl v0.12", "docker"],
  },
  {
    title: "a long script",
    build: { files: { "build.lua": `${"-- some text that fills the line\n".repeat(30_000)}local x = = 2` } },
    says: "build.lua:30002: unexpected symbol near '='",
    marks: [" 30002 | >>> local x = = 2"],
  },
  {
    title: "a script that never ends",
    build: {
      files: { "build.lua": "local n = 0\nwhile true do n = n + 1 end" },
      buildArgs: { LUAKIT_TIMEOUT: "500ms" },
    },
    says: /build\.lua:3: the script ran for more than 0\.5 s\nhint: .*--build-arg LUAKIT_TIMEOUT=5m \(buildctl: --opt build-arg:LUAKIT_TIMEOUT=5m\)\s*$/,
    marks: ["   3 | >>> while true do n = n + 1 end"],
  },
  {
    title: "a script that never ends within Lua's library",
    build: {
      files: { "build.lua": '(("a"):rep(40)):find(("a-"):rep(25) .. "b")' },
      buildArgs: { LUAKIT_TIMEOUT: "500ms" },
    },
    says: /build\.lua: the script ran for more than 0\.5 s, the last of it in one call of Lua's library, such as a pattern\nhint: /,
    marks: [],
    clients,
  },
];

interface Run {
  readonly client: Client;
  readonly failure: Failure;
}

const usual: readonly Client[] = ["buildctl", "buildx", "docker"];
const runs = failures.flatMap((failure) => (failure.clients ?? usual).map((client): Run => ({ client, failure })));
let said: ReadonlyMap<Run, Said> = new Map();

beforeAll(async () => {
  await gatewayImage();
  said = await inTurn(runs, 4, ({ client, failure }) => buildWith(client, failure.build));
}, 300_000);

describe.each(failures)("$title", (failure) => {
  const { says, marks } = failure;
  test.each(runs.filter((run) => run.failure === failure))("$client", (run) => {
    const { exitCode, text: all = "" } = said.get(run) ?? {};
    // Of a connection that ends, a client's own transport may log what it thinks.
    const text = all.replace(/^\d{4}\/\d\d\/\d\d [\d:]+ http2: .*\n/gm, "");
    expect(exitCode).toBe(1);
    const own = run.client === "docker" ? "desc = " : ": ";
    if (typeof says === "string") expect(text.trimEnd()).toEndWith(`${own}${says}`);
    else expect(text).toMatch(says);
    // The engine's client of that time shows no excerpts, and writes its own words before those of any frontend.
    if (run.client === "docker") return;
    const marked: readonly string[] = text.match(/^ +\d+ \| >>> .*$/gm) ?? [];
    expect(marked).toEqual(marks);
    expect(text).not.toContain("rpc error:");
  });
});

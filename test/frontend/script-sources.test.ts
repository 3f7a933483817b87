import { expect, test } from "bun:test";
import { readScript } from "../../src/frontend/read-script.ts";
import type { Surroundings } from "../../src/frontend/script-sources.ts";
import { type FakeClientOptions, fakeClient, platform } from "./fake-client.ts";

/** Runs `attempt` in the place of a script whose text is `text`. */
async function run<T>(
  text: string,
  attempt: (given: Surroundings) => T,
  { sources = {}, slow }: FakeClientOptions = {},
  options: Record<string, string> = {},
) {
  const all = { "local://dockerfile": { "build.lua": text }, ...sources };
  const fake = fakeClient(slow === undefined ? { sources: all } : { sources: all, slow });
  const raw = new Map(Object.entries(options));
  const script = await readScript(fake.gateway, { options: raw, filename: "build.lua", platform });
  const before = fake.reads.length;
  const lines: string[] = [];
  const foreseen: T[] = [];
  let runs = 0;
  const value = await script.sources.run(
    (line) => lines.push(line),
    (given) => {
      runs++;
      return attempt(given);
    },
    (early) => foreseen.push(early),
  );
  return { value, runs, lines, foreseen, reads: fake.reads.slice(before), solved: fake.solved };
}

const textOf = (given: Surroundings, name: string) => {
  const answer = given.modules.find(name);
  return "found" in answer ? answer.found.file.data : answer.tried.join("\n");
};

test("a script that asks for nothing is run once, and nothing is read for it", async () => {
  const { runs, reads, lines } = await run("", ({ log }) => log("said"));
  expect({ runs, reads, lines }).toEqual({ runs: 1, reads: [], lines: ["said"] });
});

test("modules that a text names are there in the first run, those that they name too", async () => {
  const sources = { "local://context": { "a.lua": 'require("b")', "luakit_modules/b.lua": "--b" } };
  const { value, runs, solved } = await run('require("a")', (given) => textOf(given, "b"), { sources });
  expect({ value, runs }).toEqual({ value: "--b", runs: 1 });
  const transfers = solved.filter(({ attributes }) => attributes["local.includepattern"] !== undefined);
  expect(transfers.map(({ identifier }) => identifier).sort()).toEqual(["local://context", "local://dockerfile"]);
});

test("what a script asks for otherwise is read, and the script run again; only the last run is heard", async () => {
  const sources = { "local://context": { "a.lua": "--a", ".dockerignore": "x\n" } };
  const { value, runs, lines } = await run(
    "",
    (given) => {
      given.log("said");
      return [given.ignorePatterns(), textOf(given, "a")];
    },
    { sources },
  );
  expect({ value, runs, lines }).toEqual({ value: [["x"], "--a"], runs: 2, lines: ["said"] });
});

test("a script that names its context runs while the ignore file is looked for, and again only if there is one", async () => {
  const text = 'bk.local_("context")';
  const found = (context: Record<string, string>) =>
    run(text, (given) => given.ignorePatterns(), { sources: { "local://context": context }, slow: ".dockerignore" });
  expect(await found({ a: "a" })).toMatchObject({ value: [], runs: 1, foreseen: [[]] });
  expect(await found({ ".dockerignore": "x\n" })).toMatchObject({ value: ["x"], runs: 2, foreseen: [[]] });
});

test("what a script gives is foreseen only while there is something to wait for, and from what is known", async () => {
  expect(await run("", () => 1)).toMatchObject({ value: 1, foreseen: [] });
  const sources = { "local://context": { "a.lua": "--a" } };
  const asks = (given: Surroundings) => [given.ignorePatterns().length, textOf(given, "a")];
  const { runs, foreseen } = await run('bk.local_("context")', asks, { sources, slow: ".dockerignore" });
  expect({ runs, foreseen }).toEqual({ runs: 2, foreseen: [[0, "--a"]] });
});

test("the ignore file beside the script counts alone, and remote contexts have none", async () => {
  const sources = {
    "local://dockerfile": { "build.lua": "", "build.lua.dockerignore": "own\n" },
    "local://context": { ".dockerignore": "x\n" },
    "git://host/x.git": { "build.lua": "", "build.lua.dockerignore": "own\n", ".dockerignore": "x\n" },
  };
  expect((await run("", (given) => given.ignorePatterns(), { sources })).value).toEqual(["own"]);
  const context = { context: "https://host/x.git" };
  expect((await run("", (given) => given.ignorePatterns(), { sources }, context)).value).toEqual([]);
});

test("a script that asks for other modules each time ends", async () => {
  let count = 0;
  const running = run("", (given) => textOf(given, `m${count++}`));
  await expect(running).rejects.toThrow("the script asks for something else each time that it runs");
});

test("a named context is what its value says, for its platform first", async () => {
  const options = {
    "context:base": "docker-image://alpine",
    "context:base::linux/amd64": "docker-image://busybox:1",
    "context:files": "local:tree",
    "sharedkey:localdir:files": "key",
  };
  const sources = { "local://tree": { ".dockerignore": "x\n" } };
  const { value, runs } = await run(
    "",
    ({ replacements }) => [
      replacements?.image("docker.io/library/base:latest", platform),
      replacements?.image("docker.io/library/base:latest", { ...platform, architecture: "arm64" }),
      replacements?.local("files", platform),
      replacements?.local("other", platform),
    ],
    { sources },
    options,
  );
  expect(runs).toBe(2);
  expect(value).toMatchObject([
    { type: "image", reference: "docker.io/library/busybox:1" },
    { type: "image", reference: "docker.io/library/alpine:latest" },
    { type: "local", name: "tree", exclude: ["x"], sharedKeyHint: "context:files-key" },
    undefined,
  ]);
});

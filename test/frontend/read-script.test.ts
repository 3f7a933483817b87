import { expect, test } from "bun:test";
import { readScript } from "../../src/frontend/read-script.ts";
import { local } from "../../src/llb/source-local.ts";
import { type FakeClientOptions, fakeClient, platform } from "./fake-client.ts";

async function read(client: FakeClientOptions, options: Record<string, string> = {}, filename = "build.lua") {
  const fake = fakeClient(client);
  const script = await readScript(fake.gateway, { options: new Map(Object.entries(options)), filename, platform });
  return { ...fake, script, text: script.file.data };
}

test("the directory for build files goes before the context", async () => {
  const sources = { "local://dockerfile": { "build.lua": "--d" }, "local://context": { "build.lua": "--c" } };
  expect((await read({ sources })).text).toBe("--d");
  expect((await read({ sources: { "local://context": { "build.lua": "--c" } } })).text).toBe("--c");
  expect((await read({ sources: { "local://x.lua": { "x.lua": "--x" } } }, {}, "x.lua")).text).toBe("--x");
});

test("inputs go before directories, and the context's before that of a directory that is not there", async () => {
  const inputs = { dockerfile: local("files", {}, {}), context: local("tree", {}, {}) };
  const sources = { "local://files": { "build.lua": "--f" }, "local://tree": { "build.lua": "--t" } };
  expect((await read({ inputs, sources })).text).toBe("--f");
  expect((await read({ inputs: { context: inputs.context }, sources })).text).toBe("--t");
  const own = { "local://dockerfile": { "build.lua": "--own" }, ...sources };
  expect((await read({ inputs, sources: own }, { dockerfilekey: "dockerfile" })).text).toBe("--own");
});

test("a remote context is asked for the script at its own path, and no input is looked at", async () => {
  const sources = { "git://host/x.git#main": { "ci/x.lua": "--g" } };
  const options = { context: "https://host/x.git#main", contextsubdir: "part" };
  const { text, solved, reads } = await read({ sources }, options, "ci/x.lua");
  expect(text).toBe("--g");
  expect(solved[0]?.attributes["git.fullurl"]).toBe("https://host/x.git");
  expect(reads).toEqual(["git://host/x.git#main: ci/x.lua", "git://host/x.git#main: ci/x.lua.dockerignore"]);
});

test("only the files that are wanted are transferred, from the session that has them", async () => {
  const sources = { "local://dockerfile": { "a/b.lua": "" } };
  const { solved } = await read({ sources }, { "local-sessionid:dockerfile": "other" }, "a/b.lua");
  expect(solved).toMatchObject([
    {
      identifier: "local://dockerfile",
      attributes: { "local.followpaths": '["a/b.lua","a/b.lua.dockerignore"]', "local.session": "other" },
    },
    { identifier: "local://context", attributes: { "local.followpaths": '[".dockerignore"]' } },
  ]);
  expect(solved[0]?.attributes["local.unique"]).toBeUndefined();
});

test("errors of the daemon that are about something else are passed on", async () => {
  const { gateway } = fakeClient();
  const broken = { ...gateway, readFile: () => Promise.reject(new Error("the disk is full")) };
  const reading = readScript(broken, { options: new Map(), filename: "build.lua", platform });
  await expect(reading).rejects.toThrow("the disk is full");
});

test("the ignore file is asked for with the script; not for a question, nor where the context is no directory", async () => {
  const sources = { "local://dockerfile": { "build.lua": "" }, "git://host/x.git": { "build.lua": "" } };
  const ignoreReads = async (options: Record<string, string>) =>
    (await read({ sources }, options)).reads.filter((each) => each.endsWith(": .dockerignore"));
  expect(await ignoreReads({})).toEqual(["local://context: .dockerignore"]);
  expect(await ignoreReads({ requestid: "frontend.outline" })).toEqual([]);
  expect(await ignoreReads({ context: "https://host/x.git" })).toEqual([]);
});

test("Dockerfile may be called dockerfile, where there is no Dockerfile", async () => {
  const lower = { "local://dockerfile": { "ci/dockerfile": "--lower" } };
  const { script, solved } = await read({ sources: lower }, {}, "ci/Dockerfile");
  expect(script.file).toEqual({ name: "ci/dockerfile", data: "--lower" });
  expect(solved[0]?.attributes["local.followpaths"]).toBe(
    '["ci/Dockerfile","ci/Dockerfile.dockerignore","ci/dockerfile"]',
  );
  const both = { "local://dockerfile": { Dockerfile: "--upper", dockerfile: "--lower" } };
  expect((await read({ sources: both }, {}, "Dockerfile")).text).toBe("--upper");
  const other = read({ sources: { "local://dockerfile": { "build.lua": "" } } }, {}, "Build.lua");
  await expect(other).rejects.toThrow('there is no script "Build.lua"');
});

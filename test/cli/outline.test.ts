import { expect, test } from "bun:test";
import { runCommand } from "../../src/cli/commands.ts";
import { inDirectory, writeFiles } from "../support/build.ts";

const script = `
bk.log("printed")
local version = bk.arg("VERSION", {required = true, description = "of the tool"})
bk.target("app", {description = "what users get", default = true}, function()
  return bk.image("alpine:" .. version):run("make", {mounts = {bk.secret("/run/token"), bk.cache("/c", {id = "go"})}})
end)
bk.target("test", {}, function() error("made") end)
`;

function runOn(text: string, words: readonly string[]) {
  return inDirectory(async (directory) => {
    writeFiles(directory, { "build.lua": text });
    let [out, error] = ["", ""];
    const status = await runCommand(words, {
      cwd: directory,
      variables: {},
      inIsTerminal: () => false,
      outIsTerminal: () => false,
      errorIsTerminal: () => false,
      out: (part) => {
        out += String(part);
      },
      error: (part) => {
        error += part;
      },
    });
    return { status, out, error };
  });
}

test("luakit outline shows what the default target takes, and asks nobody", async () => {
  const { status, out, error } = await runOn(script, ["outline"]);
  expect(status).toBe(0);
  expect(error).toBe("printed\n");
  expect(out).toBe(`TARGET:      app
DESCRIPTION: what users get

BUILD ARG   VALUE   DESCRIPTION
VERSION             of the tool (required)

SECRET   REQUIRED
token    true

CACHE MOUNT
go
`);
});

test("luakit outline takes values, another target, and gives the subrequest's JSON", async () => {
  const { out } = await runOn(script, ["outline", "--format=json", "--build-arg=VERSION=1.0", "build.lua"]);
  expect(JSON.parse(out)).toMatchObject({
    name: "app",
    args: [{ name: "VERSION", value: "1.0" }],
    cache: [{ ID: "go" }],
  });
  expect((await runOn(script, ["outline", "--target=test"])).error).toContain("made");
  await expect(runOn(script, ["outline", "--target=tset"])).rejects.toThrow('did you mean "test"?');
});

test("luakit outline says when there is nothing, and when there may be more", async () => {
  expect((await runOn("bk.export(bk.scratch())", ["outline"])).out).toStartWith("nothing: ");
  const needy =
    'local sum = bk.arg("SUM", {required = true})\nbk.export(bk.http("http://a.example", {checksum = sum}))';
  const { out, error } = await runOn(needy, ["outline"]);
  expect(out).toContain("SUM                 (required)\n");
  expect(error).toStartWith("warning: build.lua:2: there may be more, after this: ");
});

test("luakit targets lists them without making any", async () => {
  const { out } = await runOn(script, ["targets"]);
  expect(out).toBe("TARGET        DESCRIPTION\napp (default) what users get\ntest\n");
  const json = JSON.parse((await runOn(script, ["targets", "--format", "json"])).out);
  expect(json.targets).toMatchObject([{ name: "app", default: true }, { name: "test" }]);
  await expect(runOn(script, ["targets", "--target=app"])).rejects.toThrow("--target");
});

import { expect, test } from "bun:test";
import { outlineScript } from "../../src/script/outline.ts";
import { evaluateOptions, oneModule } from "./evaluate-options.ts";

const at = (line: number) => ({ ranges: [{ start: { line }, end: { line } }] });
const outline = (script: string, more = {}) => outlineScript(evaluateOptions(script, more)).outline;

test("tells each argument once, with what was given, else the default", () => {
  const script = `
    bk.arg("A", {default = 4, description = "jobs"}) bk.arg("B", false)
    bk.arg("C") bk.arg("A", {default = 4})
    bk.arg("D", {values = {"x", "y"}, default = "x"})
    bk.export(bk.scratch())`;
  expect(outline(script, { buildArguments: new Map([["C", "given"]]) }).args).toEqual([
    { name: "A", description: "jobs", value: "4", location: at(2) },
    { name: "B", value: "false", location: at(2) },
    { name: "C", value: "given", location: at(3) },
    { name: "D", value: "x", values: ["x", "y"], location: at(4) },
  ]);
});

test("goes on without required arguments, with something of their type", () => {
  const script = `
    local name, one, yes = bk.arg("NAME", {required = true}), bk.arg("N", {required = true, type = "integer"}), bk.arg("B", {required = true, type = "boolean"})
    local among = bk.arg("V", {required = true, values = {"b", "a"}})
    bk.export(bk.image("docker.io/" .. name .. "/" .. among .. ":1." .. one):run(yes and "y" or "n", {secrets_env = {S = "s"}}))`;
  const { outline, failure } = outlineScript(evaluateOptions(script));
  expect(failure).toBeUndefined();
  expect(outline.args?.map(({ name, value, required }) => [name, value, required])).toEqual([
    ["NAME", undefined, true],
    ["N", undefined, true],
    ["B", undefined, true],
    ["V", undefined, true],
  ]);
  expect(outline.secrets).toEqual([{ name: "s", required: true, location: at(4) }]);
});

test("tells what is known when the script cannot go on without an argument", () => {
  const script = `
    local sum = bk.arg("SUM", {required = true})
    bk.arg("NEXT")
    bk.export(bk.http("http://example.com/a", {checksum = sum}))`;
  const { outline, failure } = outlineScript(evaluateOptions(script));
  expect(outline.args?.map(({ name }) => name)).toEqual(["SUM", "NEXT"]);
  expect(failure?.position?.line).toBe(4);
});

test("fails as a build does when nothing is missing, and for an unknown target", () => {
  expect(() => outline('error("broken")')).toThrow("broken");
  expect(() => outline('bk.arg("A", {type = "integer"})', { buildArguments: new Map([["A", "x"]]) })).toThrow(
    /integer/,
  );
  const missing = 'bk.arg("A", {required = true}) bk.export(bk.scratch())';
  expect(() => outline(missing, { target: "a" })).toThrow("no targets");
});

test("is that of the chosen target, whose function alone runs", () => {
  const script = `
    bk.target("a", {description = "the first", default = true}, function() bk.arg("OF_A") return bk.scratch() end)
    bk.target("b", {}, function() bk.arg("OF_B") return bk.scratch() end)`;
  expect(outline(script)).toMatchObject({ name: "a", description: "the first", args: [{ name: "OF_A" }] });
  const second = outline(script, { target: "b" });
  expect(second).toMatchObject({ name: "b", args: [{ name: "OF_B" }] });
  expect(second.description).toBeUndefined();
});

test("finds secrets, agents and caches wherever steps and sources ask for them, each once, and needed if anyone needs it", () => {
  const script = `
    local base = bk.image("alpine")
    local tool = base:run("a", {mounts = {bk.secret("/run/token", {optional = true}), bk.cache("/root/.cache")}})
    local page = bk.http("http://example.com/a", {auth_header_secret = "header"})
    local code = bk.git("git@example.com:a/b.git", {ssh = "deploy"})
    local more = bk.git("https://example.com/b.git", {auth_token_secret = "git-token"})
    bk.export(base:run("b", {secrets_env = {T = "token"}, mounts = {bk.ssh({}), bk.bind(tool, "/tool"), bk.cache("/x", {id = "x"})}})
      :copy(page, "a", "/a"):copy(code, "/", "/code"):copy(more, "/", "/more"))`;
  expect(outline(script)).toMatchObject({
    secrets: [
      { name: "token", required: true, location: at(3) },
      { name: "header", required: true, location: at(4) },
      { name: "git-token", location: at(6) },
    ],
    ssh: [
      { name: "deploy", required: true, location: at(5) },
      { name: "default", required: true, location: at(7) },
    ],
    cache: [
      { ID: "/root/.cache", location: at(3) },
      { ID: "x", location: at(7) },
    ],
  });
  expect(outline('bk.export(bk.git("https://example.com/b.git"))').secrets).toBeUndefined();
});

test("has the modules that places are in among the sources", () => {
  const module = 'bk.arg("Z")';
  const script = 'require("more")\nbk.arg("A")\nbk.export(bk.scratch())';
  const { args, sources } = outline(script, oneModule("more", module));
  expect(args).toMatchObject([
    { name: "A", location: at(2) },
    { name: "Z", location: { sourceIndex: 1, ...at(1) } },
  ]);
  expect(sources.map((text) => Buffer.from(text, "base64").toString())).toEqual([script, module]);
});

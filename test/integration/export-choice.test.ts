import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildTree, emit } from "../support/build.ts";
import { decodeOps } from "../support/definition.ts";

setDefaultTimeout(60_000);

const contents = async (script: string, flags: readonly string[] = []) =>
  (await buildTree(script, { flags })).text("/f");

async function failure(script: string, flags: readonly string[] = []) {
  const { exitCode, definition, stderr } = await emit(script, { flags });
  expect(definition.length).toBe(0);
  return { exitCode, stderr };
}

describe("bk.export of several platforms", () => {
  const script = `
    local function state(text) return bk.scratch():mkfile("/f", text) end
    bk.export{["linux/amd64"] = state("amd"), ["linux/arm64"] = state("arm"), ["linux/arm/v7"] = state("v7")}`;

  test.each([
    ["linux/amd64", "amd"],
    ["linux/arm64", "arm"],
    ["linux/arm64/v8", "arm"],
    ["linux/arm/v7", "v7"],
  ])("--platform %s chooses", async (platform, expected) => {
    expect(await contents(script, ["--platform", platform])).toBe(expected);
  });

  test("a Definition holds one of them", async () => {
    const { exitCode, stderr } = await failure(script);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("a Definition holds one platform");
    expect(stderr).toMatch(/hint: .*--platform linux\/amd64 or .*--platform linux\/arm64/);
    expect((await failure(script, ["--platform=linux/riscv64"])).exitCode).toBe(1);
  });

  test("a step is for the platform of its State", async () => {
    const steps = 'bk.export{["linux/arm64"] = bk.image("a"):run("x"), ["linux/amd64"] = bk.image("a"):run("x")}';
    const { definition } = await emit(steps, { flags: ["--platform=linux/arm64", "--no-resolve"] });
    expect(decodeOps(definition).map(({ platform }) => platform?.Architecture)).toEqual(["arm64", "arm64"]);
  });
});

describe("bk.target", () => {
  const script = `
    bk.target("app", {description = "The app", default = true}, function() return bk.scratch():mkfile("/f", "app") end)
    bk.target("test", {}, function() return bk.scratch():mkfile("/f", "test"), {cmd = {"t"}} end)
    bk.target("broken", {}, function() error("it was evaluated") end)`;

  test("the default one, and those that --target names", async () => {
    expect(await contents(script)).toBe("app");
    expect(await contents(script, ["--target=app"])).toBe("app");
    expect(await contents(script, ["--target", "test"])).toBe("test");
  });

  test("only the chosen one is evaluated", async () => {
    const { exitCode, stderr } = await failure(script, ["--target=broken"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("build.lua:4: it was evaluated");
  });

  test("its config goes with it", async () => {
    expect((await emit(script, { flags: ["--target=test"] })).stderr).toContain("warning: ");
    expect((await emit(script)).stderr).toBe("");
  });

  test("one that is not there has a suggestion", async () => {
    const { exitCode, stderr } = await failure(script, ["--target=tets"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no target "tets" (did you mean "test"?)');
    expect(stderr).toContain("hint: the targets are app, test, broken");
  });

  test("without a default one has to choose", async () => {
    const { exitCode, stderr } = await failure(script.replace(", default = true", ""));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/hint: .*--target app or --target test/);
  });

  test("an export is the default", async () => {
    const both = `${script.replace(", default = true", "")} bk.export(bk.scratch():mkfile("/f", "exported"))`;
    expect(await contents(both)).toBe("exported");
    expect(await contents(both, ["--target=test"])).toBe("test");
  });
});

describe("bk.arg", () => {
  const file = (value: string) =>
    `local v = ${value} bk.export(bk.scratch():mkfile("/f", math.type(v) or type(v), {}):mkfile("/v", tostring(v)))`;
  const value = async (arg: string, flags: readonly string[] = []) => {
    const tree = await buildTree(file(arg), { flags });
    return `${tree.text("/f")} ${tree.text("/v")}`;
  };

  const cases: [string, string[], string][] = [
    ['bk.arg("A", "default")', [], "string default"],
    ['bk.arg("A", "default")', ["--build-arg=A=given"], "string given"],
    ['bk.arg("A", "default")', ["--build-arg", "A="], "string "],
    ['bk.arg("A", "default")', ["--opt=A=given"], "string given"],
    ['bk.arg("A", "default")', ["--opt=build-arg:A=given"], "string given"],
    ['bk.arg("A", "default")', ["--frontend-arg=A=given"], "string given"],
    ['bk.arg("A", "default")', ["--build-arg=A=1", "--build-arg=A=a=b"], "string a=b"],
    ['bk.arg("A")', [], "nil nil"],
    ['bk.arg("A", {default = "d"})', [], "string d"],
    ['bk.arg("A", 4)', ["--build-arg=A=5"], "integer 5"],
    ['bk.arg("A", {type = "number"})', ["--build-arg=A=1.5"], "float 1.5"],
    ['bk.arg("A", {type = "boolean"})', ["--build-arg=A=true"], "boolean true"],
    ['bk.arg("A", false)', ["--build-arg=A=1"], "boolean true"],
    ['bk.arg("A", {values = {"x", "y"}, default = "x"})', ["--build-arg=A=y"], "string y"],
    ['bk.arg("A", {required = true})', ["--build-arg=A=given"], "string given"],
  ];
  test.each(cases)("%s with %j", async (arg, flags, expected) => {
    expect(await value(arg, flags)).toBe(expected);
  });

  const failures: [string, string[], RegExp][] = [
    ['bk.arg("A", {required = true})', [], /"A".*\n(.*\n)*hint: .*--build-arg A=/],
    ['bk.arg("A", {type = "integer"})', ["--build-arg=A=many"], /"many"/],
    ['bk.arg("A", {type = "integer"})', ["--build-arg=A=1.5"], /"1\.5"/],
    ['bk.arg("A", true)', ["--build-arg=A=perhaps"], /"perhaps"/],
    ['bk.arg("A", {values = {"release", "debug"}})', ["--build-arg=A=relase"], /"relase".*did you mean "release"/],
  ];
  test.each(failures)("%s with %j is refused", async (arg, flags, error) => {
    const { exitCode, stderr } = await failure(`\n${file(arg)}`, flags);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^build\.lua:2: /);
    expect(stderr).toMatch(error);
  });
});

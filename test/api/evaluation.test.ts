import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { errorOf, evaluate, targetOf } from "./evaluate.ts";

const folder = `${import.meta.dir}/compat`;

describe("scripts of the Go luakit", () => {
  test.each(readdirSync(folder))("%s runs", (file) => {
    const { targets, evaluation } = evaluate(readFileSync(`${folder}/${file}`, "utf8"));
    expect(targets).toHaveLength(1);
    expect(evaluation.warnings).toEqual([]);
  });
});

describe("what is exported", () => {
  test("is a State with its config and its line", () => {
    const target = targetOf('local base = bk.image("alpine")\nbk.export(base, {user = "app"})');
    expect(target).toMatchObject({ config: { user: "app" }, location: { line: 2 } });
    expect(target.name).toBeUndefined();
    expect(target.platform).toBeUndefined();
  });

  test("is one State per platform, in the order of the names", () => {
    const { targets } = evaluate(
      'bk.export({["linux/x86_64"] = bk.scratch(), ["linux/arm64/v8"] = bk.scratch()}, {user = "app"})',
    );
    expect(targets.map(({ platform }) => platform)).toEqual([
      { os: "linux", architecture: "arm64" },
      { os: "linux", architecture: "amd64" },
    ]);
    expect(targets.map(({ config }) => config.user)).toEqual(["app", "app"]);
  });
});

describe("targets", () => {
  const script = `
    bk.target("test", {description = "Tests"}, function() error("not asked for") end)
    bk.target("app", {default = true}, function()
      return bk.scratch():mkfile("/app", ""), {cmd = {"/app"}}
    end)
    bk.target("both", {}, function()
      return {["linux/amd64"] = bk.scratch(), ["linux/arm64"] = bk.scratch()}
    end)`;

  test("the default is what is made", () => {
    expect(targetOf(script)).toMatchObject({ name: "app", config: { cmd: ["/app"] }, location: { line: 3 } });
  });

  test("another one is made on demand", () => {
    const { targets, evaluation } = evaluate(script, { target: "both" });
    expect(targets.map(({ name, platform }) => [name, platform?.architecture])).toEqual([
      ["both", "amd64"],
      ["both", "arm64"],
    ]);
    expect(evaluation.targets.map(({ name, description, isDefault }) => [name, description, isDefault])).toEqual([
      ["test", "Tests", false],
      ["app", undefined, true],
      ["both", undefined, false],
    ]);
  });

  test("the only one needs not be the default", () => {
    expect(targetOf('bk.target("app", {}, function() return bk.scratch() end)').name).toBe("app");
    expect(targetOf('bk.target("app", function() return bk.scratch() end)').name).toBe("app");
  });

  test("an export is the default beside them", () => {
    const mixed = 'bk.target("a", {}, function() return bk.scratch() end)\nbk.export(bk.image("alpine"))';
    expect(targetOf(mixed).name).toBeUndefined();
    expect(targetOf(mixed, { target: "a" }).name).toBe("a");
  });

  test("an unknown one is answered with the nearest", () => {
    expect(errorOf(script, { target: "ap" })).toMatchObject({
      code: "script.export",
      message: 'the script has no target "ap" (did you mean "app"?)',
      hint: "the targets are test, app, both",
    });
    expect(errorOf("bk.export(bk.scratch())", { target: "app" })).toMatchObject({
      message: "the script has no targets",
      hint: "leave --target out",
    });
  });

  test("several without default want a choice", () => {
    const several = 'for _, name in ipairs({"a", "b"}) do bk.target(name, {}, function() return bk.scratch() end) end';
    expect(errorOf(several)).toMatchObject({ code: "script.export", hint: "choose one: --target a or --target b" });
  });

  test("an error within the function has its own line", () => {
    expect(errorOf(script, { target: "test" })).toMatchObject({ message: "not asked for", position: { line: 2 } });
  });

  test("a function cannot export or declare targets", () => {
    const exporting = 'bk.target("a", {}, function()\nbk.export(bk.scratch()) end)';
    expect(errorOf(exporting)).toMatchObject({
      message: 'bk.export: the target "a" cannot export',
      position: { line: 2 },
    });
    const nested = 'bk.target("a", {}, function() bk.target("b", {}, function() end) end)';
    expect(errorOf(nested).message).toBe('bk.target: the target "a" cannot declare targets');
  });
});

describe("the log", () => {
  test("shows any value", () => {
    const lines: string[] = [];
    const script = 'bk.log("a", 1, 2.5, nil, true, {b = {1, 2}}, bk.platform("linux/arm"))\nbk.export(bk.scratch())';
    evaluate(script, { log: (line) => lines.push(line) });
    expect(lines).toEqual(['a 1 2.5 nil true {"b":[1,2]} linux/arm/v7']);
  });

  test("warnings have their line", () => {
    const { evaluation } = evaluate('\nbk.warn("slow")\nbk.export(bk.scratch())');
    expect(evaluation.warnings).toMatchObject([{ message: "slow", location: { line: 2 } }]);
  });
});

test("the ignore file is asked once and only for the context", () => {
  let asked = 0;
  const ignorePatterns = () => {
    asked++;
    return ["node_modules"];
  };
  const script = `
    local a = bk.scratch():copy(bk.local_("context", {exclude = {".git"}}), "/", "/")
    bk.export(a:copy(bk.local_("context"), "/", "/"):copy(bk.local_("other"), "/", "/"))`;
  evaluate(script, { ignorePatterns });
  expect(asked).toBe(1);
  evaluate('bk.export(bk.local_("context", {ignore_file = false}))', { ignorePatterns });
  expect(asked).toBe(1);
});

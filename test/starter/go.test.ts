import { describe, expect, test } from "bun:test";
import { go } from "../../src/starter/go.ts";
import { folderOf } from "./folder-of.ts";

const main = "package main\n\nfunc main() {}\n";

function scriptOf(files: Readonly<Record<string, string>>): string {
  return go.make(folderOf(files)).script;
}

describe("the image", () => {
  test.each([
    ["go 1.22", "golang:1.22"],
    ["go 1.24.3", "golang:1.24.3"],
    ["go 1.23.0\n\ntoolchain go1.24.1", "golang:1.24.1"],
    ["go 1.23rc1", "golang:1.23"],
    ["", "golang:1.25"],
  ])("of %s is %s", (line, image) => {
    expect(scriptOf({ "go.mod": `module example.com/x\n\n${line}\n`, "main.go": main })).toContain(
      `bk.image("${image}"`,
    );
  });
});

describe("programs", () => {
  test("the module's own has the last part of its path as its name", () => {
    const script = scriptOf({ "go.mod": "module example.com/team/tool/v3\n", "main.go": main });
    expect(script).toContain('"-o", "/out/tool", "."');
    expect(script).toContain('entrypoint = { "/usr/bin/tool" }');
  });

  test("one below cmd is built from there", () => {
    const files = { "go.mod": "module x\n", "x.go": "package x\n", "cmd/serve/main.go": main };
    expect(scriptOf(files)).toContain('"-o", "/out/serve", "./cmd/serve"');
  });

  test("several are targets, of which the first is the default", () => {
    const files = {
      "go.mod": "module x\n",
      "cmd/b/main.go": main,
      "cmd/a/main.go": main,
      "cmd/lib/lib.go": "package lib\n",
    };
    const script = scriptOf(files);
    expect(script).toContain('{ name = "a", package = "./cmd/a" },\n  { name = "b", package = "./cmd/b" },\n}');
    expect(script).toContain("default = index == 1");
  });

  test("a test is no program", () => {
    const { saw, script } = go.make(folderOf({ "go.mod": "module x\n", "x_test.go": main }));
    expect(saw).toContain("no package main, so the tests are what is built");
    expect(script).toContain('bk.target("test", { description = "runs the tests", default = true }');
    expect(script).not.toContain("go build");
  });
});

test("go.sum is copied when it is there", () => {
  const files = { "go.mod": "module x\n", "main.go": main };
  expect(scriptOf(files)).toContain('copy(context, { "go.mod" }, "./")');
  expect(scriptOf({ ...files, "go.sum": "" })).toContain('copy(context, { "go.mod", "go.sum" }, "./")');
});

test("vendored modules are not downloaded", () => {
  const script = scriptOf({ "go.mod": "module x\n", "main.go": main, "vendor/modules.txt": "" });
  expect(script).not.toContain("download");
});

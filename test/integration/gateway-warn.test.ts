import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory, unique, writeFiles } from "../support/build.ts";
import { callBuildx } from "../support/buildx-call.ts";
import { gatewayBuild } from "../support/gateway-build.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { runLuakit } from "../support/luakit.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

const bed = testbed();

function build(files: Readonly<Record<string, string>>, options: { addr?: string; progress?: "rawjson" } = {}) {
  return inDirectory(async (directory) => {
    writeFiles(directory, files);
    return gatewayBuild({ directory, ...options });
  });
}

async function statusOf(files: Readonly<Record<string, string>>, addr = bed.addr) {
  const { stderr } = await build(files, { addr, progress: "rawjson" });
  const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line));
}

const text = (bytes: string) => Buffer.from(bytes, "base64").toString();

const script = `
bk.log("one", 2, "three\\nfour")
bk.warn("the first of two")
print("printed")
bk.warn("the second of two")
bk.export(bk.scratch():mkfile("/a", "${unique()}"))`;

describe.concurrent("warnings of a build", () => {
  test.each([bed.addr, bed.v021?.addr].flatMap((addr) => addr ?? []))("are printed by buildctl at %s", async (addr) => {
    const { exitCode, stderr } = await build({ "build.lua": script }, { addr });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^#\d+ WARN: the first of two \(build\.lua:3\)$/m);
    expect(stderr).toMatch(/^#\d+ WARN: the second of two \(build\.lua:5\)$/m);
  });

  test.skipIf(bed.v012 === undefined)(
    "come from the oldest daemon too, beside the step that read the script",
    async () => {
      const messages = await statusOf({ "build.lua": script }, bed.v012?.addr ?? "");
      const [first, second, ...more] = messages.flatMap(({ warnings = [] }) => warnings);
      expect(text(first.short)).toBe("the first of two (build.lua:3)");
      expect(text(second.short)).toBe("the second of two (build.lua:5)");
      expect(more).toEqual([]);
      const vertex = messages.flatMap(({ vertexes = [] }) => vertexes).find(({ digest }) => digest === first.vertex);
      expect(vertex.name).toBe("[internal] load build definition from build.lua");
    },
  );

  test("have level, text, source and range, beside a vertex that the client knows", async () => {
    const messages = await statusOf({ "build.lua": 'bk.warn("a\\nb")\nbk.export(bk.scratch())' });
    const [warning] = messages.flatMap(({ warnings = [] }) => warnings);
    expect(messages.flatMap(({ vertexes = [] }) => vertexes).map(({ digest }) => digest)).toContain(warning.vertex);
    expect(warning.level).toBe(1);
    expect(text(warning.short)).toBe("a (build.lua:1)");
    expect(warning.detail.map(text)).toEqual(["b"]);
    expect(warning.sourceInfo).toMatchObject({ filename: "build.lua", language: "Lua" });
    expect(text(warning.sourceInfo.data)).toStartWith("bk.warn(");
    expect(warning.range).toEqual([{ start: { line: 1 }, end: { line: 1 } }]);
  });

  test.skipIf(bed.buildx === undefined)("are summed up by buildx", async () => {
    const syntax = await gatewayImage();
    const options = { files: { "build.lua": script }, file: "build.lua", syntax, flags: ["--output=type=cacheonly"] };
    const { exitCode, stderr } = await callBuildx({ ...options, method: "build" });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("2 warnings found");
    expect(stderr).toContain(" - the first of two (build.lua:3)\n");
    expect(stderr).toContain(" - the second of two (build.lua:5)\n");
  });

  test("are printed with the script's lines by luakit, for which another frontend is a State", async () => {
    const outer = `bk.export(bk.frontend("${await gatewayImage()}", {opts = {filename = "inner.lua"}}))`;
    const { stderr, exitCode } = await inDirectory(async (directory) => {
      writeFiles(directory, { "build.lua": outer, "inner.lua": script });
      const flags = [
        `--addr=${bed.addr}`,
        "--local=dockerfile=.",
        "--progress=plain",
        "--output=type=tar,dest=out.tar",
      ];
      return runLuakit(["build", "--solve", ...flags], { cwd: directory });
    });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /the first of two \(inner\.lua:3\)\n\s+inner\.lua:3\n(.*\n)*?\s+> 3 \| bk\.warn\("the first/,
    );
  });

  test("are said once for all platforms, each with its own words", async () => {
    const files = {
      "build.lua": `bk.warn("everywhere") bk.warn("on " .. tostring(bk.target_platform()))
        bk.log("logged everywhere") bk.log("logged on", bk.target_platform())
        bk.export(bk.scratch():mkfile("/a", "${unique()}"))`,
    };
    const { stderr } = await inDirectory(async (directory) => {
      writeFiles(directory, files);
      return gatewayBuild({ directory, opts: { platform: "linux/amd64,linux/arm64" } });
    });
    const shown = [...stderr.matchAll(/WARN: (.*) \(/g)].map(([, text]) => text);
    expect(shown).toEqual(["everywhere", "on linux/amd64", "on linux/arm64"]);
    expect(stderr.match(/logged everywhere$/gm)).toHaveLength(1);
    expect(stderr).toContain("logged on linux/arm64");
  });
});

test("warnings of a script that fails after them are shown with its error", async () => {
  const { exitCode, stderr } = await build({ "build.lua": 'bk.warn("look out")\nerror("fell over")' });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^#\d+ WARN: look out \(build\.lua:1\)$/m);
  expect(stderr).toContain("fell over");
});

describe.concurrent("what a script prints", () => {
  test("is shown in the progress, a line each, in its order", async () => {
    const { stderr } = await build({ "build.lua": script });
    const steps = [...stderr.matchAll(/^#\d+ \[build\.lua\] (.*)$/gm)].map(([, text]) => text);
    expect(steps.slice(0, 3)).toEqual(["one 2 three", "four", "printed"]);
  });

  test("is shown of a build that fails, too", async () => {
    const { exitCode, stderr } = await build({ "build.lua": 'bk.log("so far so good")\nerror("not good")' });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^#\d+ \[build\.lua\] so far so good$/m);
    expect(stderr).toContain("not good");
  });

  test("cannot drive a terminal, and is cut where it has no end", async () => {
    const loud = 'bk.log("\\27[31mred\\27[0m")\nfor i = 1, 1000 do bk.log("line", i) end\nbk.export(bk.scratch())';
    const { exitCode, stderr } = await build({ "build.lua": loud });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^#\d+ \[build\.lua\] red$/m);
    expect(stderr).toMatch(/^#\d+ \[build\.lua\] … and \d+ more lines$/m);
    expect(stderr).not.toContain("line 1000");
  });

  test.skipIf(bed.v012 === undefined)("keeps no old daemon from building", async () => {
    const { exitCode, stderr } = await build({ "build.lua": script }, { addr: bed.v012?.addr ?? "" });
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain("printed");
  });
});

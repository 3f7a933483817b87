import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { callBuildx } from "../support/buildx-call.ts";
import { dockerfileFrontendImage } from "../support/frontend-image.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

const bed = testbed();
const { busybox } = bed.images;
const url = "https://github.com/luakit-build/luakit/blob/main/docs/lint.md#script-warning";

/** Checks a Dockerfile and a script; what is wrong with both is on the same line. */
async function checkBoth(dockerfile: string, script: string, format?: "json") {
  const options = format === undefined ? {} : { format };
  const [dockerfileImage, luakitImage] = await Promise.all([dockerfileFrontendImage(), gatewayImage()]);
  const [theirs, ours] = await Promise.all([
    callBuildx({ ...options, files: { F: dockerfile }, file: "F", method: "check", syntax: dockerfileImage }),
    callBuildx({ ...options, files: { F: script }, file: "F", method: "check", syntax: luakitImage }),
  ]);
  expect(ours.exitCode).toBe(theirs.exitCode);
  return { theirs, ours };
}

async function check(files: Readonly<Record<string, string>>, flags: readonly string[] = []) {
  return callBuildx({ files, file: "build.lua", method: "check", flags, syntax: await gatewayImage() });
}

describe.concurrent.skipIf(bed.buildx === undefined)("buildx build --check", () => {
  test("finds nothing in a good script, and says so as for a Dockerfile", async () => {
    const { theirs, ours } = await checkBoth(`FROM ${busybox}\n`, `bk.export(bk.image("${bed.images.configured}"))`);
    expect(ours).toMatchObject({ exitCode: 0, stdout: theirs.stdout });
    expect(ours.stdout).toContain("no warnings found");
  });

  test("prints warnings with the lines around them, as for a Dockerfile", async () => {
    const dockerfile = `#\nFROM ${busybox} AS First\n#\n#\n#\nFROM ${busybox} AS Second\n`;
    const script = `bk.target("a", {}, function()\n  bk.warn("is old") return bk.scratch()\nend)\n\n
      bk.target("b", {}, function() bk.warn("is older") return bk.scratch() end)\n`;
    const { theirs, ours } = await checkBoth(dockerfile, script);
    const shapeOf = (text: string) =>
      text.replace(/^WARNING: .*\n.*/gm, "WARNING").replace(/^(\s+\d+ \| (?:>>>| {3})).*/gm, "$1");
    expect(shapeOf(ours.stdout)).toBe(shapeOf(theirs.stdout));
    expect(ours.exitCode).toBe(1);
    expect(ours.stdout).toContain("2 warnings have been found!");
    expect(ours.stdout).toContain(`WARNING: script-warning - ${url}\nis old\nF:2\n`);
    expect(ours.stdout).toContain(' >>>   bk.warn("is old") return');
  });

  test("gives JSON with the members that a Dockerfile's has", async () => {
    const { theirs, ours } = await checkBoth(
      `\nFROM ${busybox} AS A\n`,
      '\nbk.warn("x") bk.export(bk.scratch())',
      "json",
    );
    const [theirResult, result] = [JSON.parse(theirs.stdout), JSON.parse(ours.stdout)];
    const { location, ...words } = result.warnings[0];
    expect(location).toEqual(theirResult.warnings[0].location);
    const description = expect.stringContaining("bk.warn");
    expect(words).toEqual({ ruleName: "script-warning", description, url, detail: "x" });
    expect(result.sources).toMatchObject([{ filename: "F", language: "Lua" }]);
    expect(Buffer.from(result.sources[0].data, "base64").toString()).toContain('bk.warn("x")');
    expect(Object.keys(result)).toEqual(Object.keys(theirResult));
  });

  test("ends with the error of a script that cannot be built, at its line, after what it warned of", async () => {
    const { theirs, ours } = await checkBoth(`FROM ${busybox}\nFROB x\n`, 'bk.warn("first")\nbk.frob()\n', "json");
    const [theirResult, result] = [JSON.parse(theirs.stdout), JSON.parse(ours.stdout)];
    expect(result.buildError.location).toEqual(theirResult.buildError.location);
    expect(result.buildError.message).toContain("bk.frob");
    expect(result.warnings).toMatchObject([{ detail: "first" }]);
    const { stdout, stderr, exitCode } = await check({ "build.lua": 'bk.warn("first")\nbk.frob()\n' });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`WARNING: script-warning - ${url}\nfirst\n`);
    expect(stderr).toMatch(/ERROR: build\.lua:2: .*bk\.frob.*\n(.*\n)*build\.lua:2\n-+\n/);
  });

  test("tries every target, or the one that is asked for, and the graph of each", async () => {
    const twice = 'bk.bind(bk.image("a"), "/x", {})';
    const script = `bk.target("good", {}, function() return bk.scratch() end)
      bk.target("bad", {}, function() return bk.image("a"):run("x", {mounts = {${twice}, ${twice}}}) end)`;
    expect((await check({ "build.lua": script }, ["--target=good"])).exitCode).toBe(0);
    const { exitCode, stderr } = await check({ "build.lua": script });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("build.lua:2");
  });

  test("counts warnings for what BUILDKIT_DOCKERFILE_CHECK says, in checks and in builds", async () => {
    const files = { "build.lua": 'bk.warn("old")\nbk.export(bk.scratch())' };
    const say = (value: string) => [`--build-arg=BUILDKIT_DOCKERFILE_CHECK=${value}`];
    expect(await check(files, say("skip=all"))).toMatchObject({ exitCode: 0 });
    expect(await check(files, say("skip=Other"))).toMatchObject({ exitCode: 1 });
    const strict = await check(files, say("error=true"));
    expect(strict.stdout).toContain("1 warning has been found!");
    expect(strict.stderr).toContain("lint violation found for rules: script-warning");
    const options = { files, file: "build.lua", method: "build", syntax: await gatewayImage() };
    const flags = ["--output=type=cacheonly"];
    const failed = await callBuildx({ ...options, flags: [...flags, ...say("error=1")] });
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain(" - old (build.lua:1)");
    expect(failed.stderr).toContain("lint violation found for rules: script-warning");
    const quiet = await callBuildx({ ...options, flags: [...flags, ...say("skip=ScriptWarning;error=1")] });
    expect(quiet.exitCode).toBe(0);
    expect(quiet.stderr).not.toContain("old");
  });

  test("tells what lint rules find, with their pages, but not what is just worth knowing", async () => {
    const script = `bk.export(bk.image("${busybox}"):run("git clone x; sudo y", {env = {API_KEY = "abc-def"}}))`;
    const { stdout, exitCode } = await check({ "build.lua": script });
    expect(exitCode).toBe(1);
    const rules = [...stdout.matchAll(/^WARNING: (\S+) - (\S+)$/gm)].map(([, rule, page]) => [rule, page]);
    const expected = ["unpinned-image", "sudo", "secret-in-env"].map((rule) => [
      rule,
      url.replace("script-warning", rule),
    ]);
    expect(rules.sort()).toEqual(expected.sort());
    expect(stdout).toContain("hint: name a version");
    expect(stdout).not.toContain("abc-def");
    const skip = ["--build-arg=BUILDKIT_DOCKERFILE_CHECK=skip=UnpinnedImage,sudo,secret-in-env"];
    expect(await check({ "build.lua": script }, skip)).toMatchObject({ exitCode: 0 });
  });

  test("shows warnings of modules in the modules", async () => {
    const files = {
      "build.lua": 'require("lib.old")\nbk.export(bk.scratch())',
      "lib/old.lua": '\nbk.warn("old module")',
    };
    const { stdout } = await check(files);
    expect(stdout).toContain(`WARNING: script-warning - ${url}\nold module (lib/old.lua:2)\n`);
    expect(stdout).toContain('   2 | >>> bk.warn("old module")\n');
  });
});

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { callBuildx } from "../support/buildx-call.ts";
import { dockerfileFrontendImage } from "../support/frontend-image.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

const bed = testbed();
const { busybox } = bed.images;

// What is the same in both is on the same line.
const dockerfile = `# base is what all stand on
FROM ${busybox} AS base
# JOBS how many at once
ARG JOBS=4
ARG PLAIN
RUN --mount=type=secret,id=token,required=true --mount=type=ssh echo $JOBS $PLAIN
# app is what users get
FROM base AS app
RUN --mount=type=secret,id=other --mount=type=ssh,id=deploy,required=true echo hi
`;

const script = `function say(what) return {description = what} end
bk.target("base", say("is what all stand on"), function() return base() end)
function base()
  local jobs = bk.arg("JOBS", {default = 4, description = "how many at once"})
  local plain = bk.arg("PLAIN")
  return bk.image("${busybox}"):run("echo", {mounts = {bk.secret("/t", {id = "token"}), bk.ssh({optional = true})}})
end
bk.target("app", {description = "is what users get", default = true}, function()
  return base():run("", {secrets_env = {A = {id = "other", optional = true}}, mounts = {bk.ssh({id = "deploy"})}})
end)
`.replace('run(""', 'run("echo hi"');

/** Asks the Dockerfile frontend and luakit the same. */
async function askBoth(method: string, options: { readonly format?: "json"; readonly flags?: readonly string[] } = {}) {
  const [dockerfileImage, luakitImage] = await Promise.all([dockerfileFrontendImage(), gatewayImage()]);
  const [theirs, ours] = await Promise.all([
    callBuildx({ files: { Dockerfile: dockerfile }, file: "Dockerfile", method, syntax: dockerfileImage, ...options }),
    callBuildx({ files: { "build.lua": script }, file: "build.lua", method, syntax: luakitImage, ...options }),
  ]);
  expect(ours.exitCode).toBe(theirs.exitCode);
  return { theirs: theirs.stdout, ours: ours.stdout, stderr: ours.stderr };
}

async function askLuakit(files: Readonly<Record<string, string>>, method: string, flags: readonly string[] = []) {
  return callBuildx({ files, file: "build.lua", method, flags, syntax: await gatewayImage() });
}

async function askForJson(files: Readonly<Record<string, string>>, method: string, flags: readonly string[] = []) {
  const { stdout, stderr } = await callBuildx({
    files,
    file: "build.lua",
    method,
    flags,
    format: "json",
    syntax: await gatewayImage(),
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe.concurrent.skipIf(bed.buildx === undefined)("buildx build --call", () => {
  test("prints the same outline as for a comparable Dockerfile, and builds nothing", async () => {
    const { theirs, ours, stderr } = await askBoth("outline", { flags: ["--build-arg=PLAIN=given"] });
    expect(ours).toBe(theirs);
    expect(ours).toContain("PLAIN       given");
    expect(stderr).not.toContain(busybox);
    const base = await askBoth("outline", { flags: ["--target=base"] });
    expect(base.ours).toBe(base.theirs);
    expect(base.ours).toStartWith("TARGET:      base\n");
  });

  test("gives the same JSON for an outline, with what Dockerfiles cannot say beside it", async () => {
    const { theirs, ours } = await askBoth("outline", { format: "json" });
    const { sources: theirSources, ...theirRest } = JSON.parse(theirs);
    const { sources, ...rest } = JSON.parse(ours);
    expect(rest).toEqual(theirRest);
    expect(theirSources).toEqual([base64(dockerfile)]);
    expect(sources).toEqual([base64(script)]);
    expect(rest.secrets).toHaveLength(2);
  });

  test("lists the same targets as for a comparable Dockerfile", async () => {
    const text = await askBoth("targets");
    expect(text.ours).toBe(text.theirs);
    const { theirs, ours } = await askBoth("targets", { format: "json" });
    const { targets: theirTargets } = JSON.parse(theirs);
    const { targets, sources } = JSON.parse(ours);
    // A script's targets are not made, so nobody knows what they start from.
    expect(targets).toEqual(theirTargets.map(({ base: _, ...rest }: Record<string, unknown>) => rest));
    expect(sources).toEqual([base64(script)]);
  });

  test("names no target for a plain script, and the image that it starts from", async () => {
    const files = { "build.lua": `local x\nbk.export(bk.image("${busybox}"):run("true"))` };
    expect((await askLuakit(files, "targets")).stdout).toBe("TARGET    DESCRIPTION\n(default) \n");
    const location = { ranges: [{ start: { line: 2 }, end: { line: 2 } }] };
    const { targets } = await askForJson(files, "targets");
    expect(targets).toEqual([{ default: true, base: busybox, location }]);
  });

  test("outlines and lists a script whose required arguments nobody gives, and images that are not there", async () => {
    const files = {
      "build.lua": `
        local version = bk.arg("VERSION", {required = true, description = "of the tool"})
        bk.target("one", {}, function() error("made") end)
        bk.export(bk.image("${bed.registry}/nowhere:" .. version):run("true", {mounts = {bk.cache("/c", {id = "kept"})}}))`,
    };
    const outline = await askForJson(files, "outline");
    const at = (line: number) => ({ ranges: [{ start: { line }, end: { line } }] });
    expect(outline.args).toEqual([{ name: "VERSION", description: "of the tool", required: true, location: at(2) }]);
    expect(outline.cache).toEqual([{ ID: "kept", location: at(4) }]);
    expect((await askLuakit(files, "targets")).stdout).toBe("TARGET    DESCRIPTION\n(default) \none       \n");
  });

  test("finds arguments and secrets in modules, with the modules among the sources", async () => {
    const module = 'bk.arg("IN_MODULE")\nreturn function(s) return s:run("true", {secrets_env = {A = "deep"}}) end';
    const main = `bk.export(require("lib.step")(bk.image("${busybox}")))`;
    const outline = await askForJson({ "build.lua": main, "lib/step.lua": module }, "outline");
    expect(outline.args).toMatchObject([{ name: "IN_MODULE", location: { sourceIndex: 1 } }]);
    expect(outline.secrets).toMatchObject([
      { name: "deep", location: { sourceIndex: 1, ranges: [{ start: { line: 2 } }] } },
    ]);
    expect(outline.sources).toEqual([base64(main), base64(module)]);
  });

  test("fails with the script's line when a target is unknown or the script is wrong", async () => {
    const unknown = await askLuakit({ "build.lua": script }, "outline", ["--target=ap"]);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toContain('the script has no target "ap" (did you mean "app"?)');
    const wrong = await askLuakit({ "build.lua": "local a\nlocal = 2" }, "targets");
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toMatch(/build\.lua:2\n-+\n {3}1 \| {5}local a\n {3}2 \| >>> local = 2\n/);
  });

  test("is answered for the frontend that the first line names, script and Dockerfile", async () => {
    const line = `#syntax=${await gatewayImage()}\n`;
    const ask = (file: string, text: string) =>
      callBuildx({ files: { [file]: line + text }, file, method: "outline", format: "json" });
    const [ours, dockerfiles] = await Promise.all([ask("build.lua", script), ask("Dockerfile", dockerfile)]);
    expect(JSON.parse(ours.stdout)).toMatchObject({ name: "app", args: [{ name: "JOBS" }, { name: "PLAIN" }] });
    expect(JSON.parse(ours.stdout).sources).toEqual([base64(line + script)]);
    expect(JSON.parse(dockerfiles.stdout).sources).toEqual([base64(line + dockerfile)]);
  });

  test("tells what can be asked, and refuses the rest by its name", async () => {
    const { stdout } = await askLuakit({ "build.lua": script }, "subrequests.describe");
    const [, ...lines] = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.split(/ +/, 2).join(" "))).toEqual([
      "outline 1.0.0",
      "targets 1.0.0",
      "lint 1.0.0",
      "subrequests.describe 1.0.0",
    ]);
    const other = await askLuakit({ "build.lua": script }, "frob");
    expect(other.exitCode).toBe(1);
    // Said twice: by the error itself, and by what the client makes of its detail.
    expect(other.stderr).toMatch(/unsupported request frontend\.frob: .*unsupported request frontend\.frob/);
  });
});

test.skipIf(bed.buildx === undefined || bed.v012 === undefined)("the oldest daemon answers as well", async () => {
  const ask = { files: { "build.lua": script }, file: "build.lua", method: "outline", syntax: await gatewayImage() };
  const [newest, oldest] = await Promise.all([callBuildx(ask), callBuildx({ ...ask, addr: bed.v012?.addr ?? "" })]);
  expect(newest.exitCode).toBe(0);
  expect(oldest.stdout).toBe(newest.stdout);
});

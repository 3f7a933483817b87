import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luakit, unique } from "../../support/build.ts";
import { decodeDefinition } from "../../support/definition.ts";
import { type OwnBuildkitd, startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import { megabytes, type SampledRun, sampled } from "../../support/sampled-run.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, tell } from "../effort.ts";

const vertices = effort(100, 10_000);
const platforms = effort(4, 64);
const locals = effort(20, 1000);
const secrets = effort(20, 500);
const outputs = effort(6, 200);
const targets = effort(50, 1000);
const isLong = vertices > 1000;

setDefaultTimeout(isLong ? 3_600_000 : 60_000);

const { images, addr: shared } = testbed();
let daemon: OwnBuildkitd | undefined;
let scratch: string;
beforeAll(async () => {
  if (isLong) daemon = await startOwnBuildkitd({ maxParallelism: 4 });
  scratch = mkdtempSync(join(tmpdir(), "luakit-load-"));
});
afterAll(async () => {
  await daemon?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** Builds a script in a directory of its own, and calls with that directory. */
async function build(
  script: string,
  flags: (directory: string) => readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<SampledRun & { readonly directory: string }> {
  const directory = mkdtempSync(join(scratch, "build-"));
  writeFileSync(join(directory, "build.lua"), script);
  const words = ["build", "--solve", "--addr", daemon?.addr ?? shared, "--progress=plain", ...flags(directory)];
  return { ...(await sampled([luakit, ...words], { cwd: directory, env })), directory };
}

function tellBuild(what: string, count: number, { memory, milliseconds }: SampledRun): void {
  const figures = { parts: count, "MB at most": megabytes(memory.peak), s: Math.round(milliseconds / 1000) };
  tell(`load: ${what}`, figures);
  expect(memory.peak).toBeLessThan(300e6);
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe.concurrent("one build of very many parts", () => {
  test(`${vertices} vertices`, async () => {
    const id = unique();
    const script = `
local all = bk.scratch():files(function(f)
  for g = 0, ${vertices / 100 - 1} do
    local group = bk.scratch():files(function(g100)
      for i = g * 100, g * 100 + 99 do g100:copy(bk.scratch():mkfile("/" .. i, i .. " ${id}"), "/" .. i, "/") end
    end)
    f:copy(group, "/", "/")
  end
end)
bk.export(all)`;
    const result = await build(script, () => ["-o", "out", "--timeout", "10m"]);
    const { directory, stderr } = result;
    for (const index of numbers(vertices))
      if (readFileSync(join(directory, `out/${index}`), "utf8") !== `${index} ${id}`)
        throw new Error(`${index} differs`);
    expect(readdirSync(join(directory, "out")).length).toBe(vertices);
    // Each is told of, and its end too.
    const headings = [...stderr.matchAll(/^#(\d+) mkfile \/(\d+)$/gm)];
    expect(new Set(headings.map(([, , name]) => name)).size).toBe(vertices);
    const ended = new Set([...stderr.matchAll(/^#(\d+) (?:DONE|CACHED)/gm)].map(([, number]) => number));
    expect(headings.every(([, number]) => ended.has(number))).toBe(true);
    const emitted = Bun.spawnSync([luakit, "build", "build.lua"], { cwd: directory }).stdout;
    expect(decodeDefinition(emitted).def.length).toBe(vertices * 1.01 + 2);
    tellBuild("vertices in one build", vertices, result);
  });

  test(`${platforms} platforms`, async () => {
    const names = numbers(platforms).map((index) => `linux/arch${index}`);
    const script = `bk.export(bk.scratch():mkfile("/platform", tostring(bk.target_platform()) .. " ${unique()}"))`;
    const result = await build(script, () => [`--platform=${names.join(",")}`, "-o", "out"]);
    for (const name of names)
      expect(readFileSync(join(result.directory, "out", name.replace("/", "_"), "platform"), "utf8")).toStartWith(
        `${name} `,
      );
    expect(readdirSync(join(result.directory, "out")).length).toBe(platforms);
    tellBuild("platforms in one build", platforms, result);
  });

  test(`${targets} targets`, async () => {
    const script = `for i = 1, ${targets} do
      bk.target("t" .. i, function() return bk.scratch():mkfile("/t", i .. " ${unique()}") end)
    end`;
    const result = await build(script, () => [`--target=t${targets}`, "-o", "out"]);
    expect(readFileSync(join(result.directory, "out/t"), "utf8")).toStartWith(`${targets} `);
    const listed = Bun.spawnSync([luakit, "targets"], { cwd: result.directory }).stdout.toString();
    expect(listed.trim().split("\n").length).toBeGreaterThanOrEqual(targets);
    tellBuild("targets in one script", targets, result);
  });

  test(`${locals} local sources`, async () => {
    const id = unique();
    const script = `bk.export(bk.scratch():files(function(f)
      for i = 0, ${locals - 1} do f:copy(bk.local_("l" .. i), "name", "/" .. i) end
    end))`;
    const result = await build(script, (directory) => {
      const flags = numbers(locals).map((index) => {
        mkdirSync(join(directory, `local/${index}`), { recursive: true });
        writeFileSync(join(directory, `local/${index}/name`), `${index} ${id}`);
        return `--local=l${index}=local/${index}`;
      });
      return [...flags, "-o", "out"];
    });
    for (const index of numbers(locals))
      expect(readFileSync(join(result.directory, `out/${index}`), "utf8")).toBe(`${index} ${id}`);
    tellBuild("local sources in one build", locals, result);
  });

  test(`${secrets} secrets`, async () => {
    const id = unique();
    const script = `
local mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}
for i = 0, ${secrets - 1} do table.insert(mounts, bk.secret("/secrets/s" .. i)) end
local step = bk.image("${images.busybox}"):run("cd /secrets; for s in s*; do echo $s $(cat $s); done > /out/all; true ${id}", {mounts = mounts})
bk.export(step:mount("/out"))`;
    const env = Object.fromEntries(numbers(secrets).map((index) => [`SECRET_${index}`, `value ${index} ${id}`]));
    const flags = numbers(secrets).map((index) => `--secret=id=s${index},env=SECRET_${index}`);
    const result = await build(script, () => [...flags, "-o", "out"], env);
    const lines = readFileSync(join(result.directory, "out/all"), "utf8").trim().split("\n");
    expect(lines.sort()).toEqual(
      numbers(secrets)
        .map((index) => `s${index} value ${index} ${id}`)
        .sort(),
    );
    tellBuild("secrets in one build", secrets, result);
  });

  test(`${outputs} outputs`, async () => {
    const text = unique();
    const kinds = ["local", "tar", "oci"];
    const places = numbers(outputs).map((index) => `${kinds[index % kinds.length]}-${index}`);
    const flags = places.map((place) => `--output=type=${place.split("-")[0]},dest=${place}`);
    const result = await build(`bk.export(bk.scratch():mkfile("/text", "${text}"))`, () => flags);
    expect(readdirSync(result.directory).toSorted()).toEqual(["build.lua", ...places].toSorted());
    for (const place of places.filter((name) => name.startsWith("local")))
      expect(readFileSync(join(result.directory, place, "text"), "utf8")).toBe(text);
    for (const place of places.filter((name) => name.startsWith("tar")))
      expect(readFileSync(join(result.directory, place), "utf8")).toContain(text);
    tellBuild("outputs of one build", outputs, result);
  });
});

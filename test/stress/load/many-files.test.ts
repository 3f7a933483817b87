import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luakit, unique } from "../../support/build.ts";
import { startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import { megabytes, type SampledRun, sampled } from "../../support/sampled-run.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, tell } from "../effort.ts";

const count = effort(500, 1_000_000);
const isLong = count > 10_000;
/** Bytes of memory for each file, and for luakit with all that it knows. */
const bytesOfOne = 120;
const bytesOfAll = 220e6;

setDefaultTimeout(isLong ? 86_400_000 : 60_000);

// Memory as a disk, where there is one: what is measured is not the disk.
const place = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const scratch = mkdtempSync(join(place, "luakit-files-"));
const context = join(scratch, "context");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const parentOf = (index: number) =>
  `d${String(Math.floor(index / 30_000)).padStart(3, "0")}/e${Math.floor(index / 1000)}`;

/** Every tenth file is called `.tmp`, for ignore files. */
const nameOf = (index: number) => `${parentOf(index)}/f${index}${index % 10 === 0 ? ".tmp" : ""}`;

/** How many bytes there are, and their sum. */
function makeFiles(): { readonly bytes: number; readonly sum: number } {
  let [bytes, sum] = [0, 0];
  for (let index = 0; index < count; index++) {
    if (index % 1000 === 0) mkdirSync(join(context, parentOf(index)), { recursive: true });
    const text = `${index}\n`;
    writeFileSync(join(context, nameOf(index)), text);
    bytes += text.length;
    for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at);
  }
  return { bytes, sum };
}

function tellRun(what: string, { memory, milliseconds }: SampledRun): void {
  tell(`load: ${count} files, ${what}`, {
    "MB at most": megabytes(memory.peak),
    "MB halfway": megabytes(memory.early),
    "MB at the end": megabytes(memory.late),
    s: Math.round(milliseconds / 1000),
  });
  expect(memory.peak).toBeLessThan(bytesOfAll + count * bytesOfOne);
}

/** Files below a directory, each of which holds its number; throws when one does not. */
function countFiles(directory: string): number {
  let files = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) files += countFiles(path);
    else if (readFileSync(path, "utf8") !== `${Number(/\d+/.exec(entry.name)?.[0])}\n`)
      throw new Error(`${path} differs`);
    else files++;
  }
  return files;
}

const made = makeFiles();

/** Our side alone, where the other is as bad as it can be. */
describe(`${count} files without a daemon`, () => {
  const worker = (name: string) => [process.execPath, join(import.meta.dir, `${name}-worker.ts`)];

  test("go out to one that asks for nothing before it has the whole list", async () => {
    const run = await sampled([...worker("send"), context], { cwd: scratch });
    tellRun("all listed, then asked for", run);
    const entries = count + Math.ceil(count / 1000) + Math.ceil(count / 30_000);
    expect(JSON.parse(run.stdout)).toEqual({ files: count, ...made, entries });
  });

  test("come in from one that lists all before it sends any", async () => {
    const out = join(scratch, "in");
    const run = await sampled([...worker("receive"), out, String(count)], { cwd: scratch });
    tellRun("all listed, then written", run);
    expect(JSON.parse(run.stdout)).toEqual({ isComplete: true });
    expect(countFiles(out)).toBe(count);
    rmSync(out, { recursive: true });
  });
});

test(`${count} files go up, again, through an ignore file, and come down`, async () => {
  const bed = testbed();
  await using own = isLong ? await startOwnBuildkitd() : undefined;
  const addr = own?.addr ?? bed.addr;
  const name = `files-${unique()}`;
  const script = `local files = bk.local_("${name}", {exclude = bk.arg("EXCLUDE") and {bk.arg("EXCLUDE")} or nil})
bk.export(files)`;
  writeFileSync(join(scratch, "build.lua"), script);
  const flags = ["--addr", addr, "--progress=plain", `--local=${name}=${context}`];
  const build = (...more: readonly string[]) =>
    sampled([luakit, "build", "--solve", ...flags, ...more, "build.lua"], { cwd: scratch });
  const kept = Math.floor((count * 9) / 10);
  tellRun("an ignore pattern", await build("--build-arg=EXCLUDE=**/*.tmp", "-o", "out"));
  expect(countFiles(join(scratch, "out"))).toBe(kept);
  rmSync(join(scratch, "out"), { recursive: true });
  tellRun("up", await build("-o", "type=cacheonly"));
  const again = await build("-o", "type=cacheonly");
  tellRun("up, unchanged", again);
  tellRun("down", await build("-o", "out"));
  expect(countFiles(join(scratch, "out"))).toBe(count);
  rmSync(join(scratch, "out"), { recursive: true });
  if (!isLong) return;
  Bun.spawnSync([luakit, "build", "-o", "build.pb", "build.lua"], { cwd: scratch });
  const words = [bed.buildctl, "--addr", addr, "build", `--local=${name}=${context}`, "--output=type=local,dest=out"];
  const { memory } = await sampled(words, { cwd: scratch, stdin: Bun.file(join(scratch, "build.pb")) });
  tell(`load: ${count} files, up and down by buildctl`, { "MB at most": megabytes(memory.peak) });
});

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luakit, unique } from "../../support/build.ts";
import { decodeDefinition } from "../../support/definition.ts";
import { type OwnBuildkitd, startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import { megabytes, type SampledRun, sampled } from "../../support/sampled-run.ts";
import { readRawStatus, testbed } from "../../support/testbed.ts";
import { effort, tell } from "../effort.ts";

/** Steps that wait for nothing but the base image. */
const steps = effort(8, 2000);
const isLong = steps >= 100;

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

const numbers = Array.from({ length: steps }, (_, index) => index);

/** Every step writes a line to its log and leaves a file; all the files are one result. */
function scriptOf(id: string): string {
  return `
local base = bk.image("${images.busybox}")
bk.export(bk.scratch():files(function(f)
  for i = 0, ${steps - 1} do
    local step = base:run("echo line " .. i .. " of ${id}; echo " .. i .. " > /out/" .. i,
      {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}})
    f:copy(step:mount("/out"), "/" .. i, "/")
  end
end))`;
}

async function build(mode: string, id: string, flags: readonly string[], terminal?: Bun.Terminal): Promise<SampledRun> {
  writeFileSync(join(scratch, "build.lua"), scriptOf(id));
  const words = ["build", "--solve", "--addr", daemon?.addr ?? shared, `--progress=${mode}`, "-o", `out-${mode}`];
  const env = { TERM: "xterm" };
  const result = await sampled([luakit, ...words, ...flags], { cwd: scratch, env, ...(terminal && { terminal }) });
  tell(`load: ${steps} parallel steps, ${mode}`, {
    "MB at most": megabytes(result.memory.peak),
    "MB halfway": megabytes(result.memory.early),
    "MB at the end": megabytes(result.memory.late),
    s: Math.round(result.milliseconds / 1000),
  });
  expect(result.memory.peak).toBeLessThan(250e6);
  const out = join(scratch, `out-${mode}`);
  expect(readdirSync(out).length).toBe(steps);
  for (const index of numbers) expect(readFileSync(join(out, `${index}`), "utf8")).toBe(`${index}\n`);
  return result;
}

/** The numbers of the lines that a text has, in order. */
function linesIn(text: string, id: string): readonly number[] {
  // The command of a step, which its heading has, is no line of its log.
  const found = text.matchAll(new RegExp(`(?<!echo )line (\\d+) of ${id}`, "g"));
  return [...found].map(([, index]) => Number(index)).sort((a, b) => a - b);
}

function logsIn(trace: string): string {
  const logs = readRawStatus(trace).flatMap((status) => status.logs ?? []);
  return logs.map(({ data }) => Buffer.from(data ?? "", "base64").toString()).join("");
}

/** One build runs the steps, or two; the others have them from the cache. */
const id = unique();

test(`${steps} parallel steps: plain, a trace and a report have each line once`, async () => {
  const { stderr } = await build("plain", id, ["--trace", "trace.jsonl", "--report", "report.html"]);
  expect(linesIn(stderr, id)).toEqual(numbers);
  expect([...stderr.matchAll(/^#\d+ DONE/gm)].length).toBeGreaterThanOrEqual(steps);
  expect(linesIn(logsIn(readFileSync(join(scratch, "trace.jsonl"), "utf8")), id)).toEqual(numbers);
  const report = readFileSync(join(scratch, "report.html"), "utf8");
  expect(linesIn(report, id)).toEqual(numbers);
  expect(report.length).toBeLessThan(1_000_000 + steps * 5000);
  const emitted = Bun.spawnSync([luakit, "build", "build.lua"], { cwd: scratch }).stdout;
  expect(decodeDefinition(emitted).def.length).toBe(steps + 3);
});

test(`${steps} parallel steps: rawjson has each line once`, async () => {
  const other = unique();
  const { stderr } = await build("rawjson", other, []);
  expect(linesIn(logsIn(stderr), other)).toEqual(numbers);
});

test(`${steps} parallel steps: tty`, async () => {
  const decoder = new TextDecoder();
  let shown = "";
  const terminal = new Bun.Terminal({
    cols: 100,
    rows: 30,
    data(_, bytes) {
      shown = (shown + decoder.decode(bytes, { stream: true })).slice(-2_000_000);
    },
  });
  await build("tty", id, [], terminal);
  terminal.close();
  expect(shown).toContain("FINISHED");
  const [, all, cached] = /\((\d+) steps, (\d+) cached\)/.exec(shown) ?? [];
  expect(Number(all)).toBeGreaterThanOrEqual(steps);
  expect(Number(cached)).toBeGreaterThanOrEqual(steps);
});

test(`${steps} parallel steps: quiet`, async () => {
  const { stderr } = await build("quiet", id, []);
  expect(stderr).toBe("");
});

import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inDirectory } from "../../support/build.ts";
import { debianPackage } from "../../support/debian-package.ts";
import { writeScript } from "../../support/luakit.ts";
import { type Running, startLuakit, until } from "../../support/running.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, isLong } from "../effort.ts";
import { works } from "./builds.ts";
import { runCases } from "./cases.ts";
import type { Random } from "./frame-faults.ts";
import { judge } from "./judge.ts";
import { openModels, pick, showing } from "./models.ts";
import { runWork } from "./run-work.ts";

setDefaultTimeout(Math.max(180_000, effort(0, 3_600_000)));

const { addr, images } = testbed();
const modelOf = openModels(addr);

/** Milliseconds that a build may take on a machine that is busy. */
const patience = effort(60_000, 600_000);

/** The machine's clock as one process sees it. */
interface Clock extends Disposable {
  readonly env: Readonly<Record<string, string>>;
  /** Sets it some seconds from the right time. */
  set(seconds: number): void;
}

/** Only the time of day is set: what is measured with goes on, as when somebody sets a machine's clock. */
async function openClock(): Promise<Clock> {
  const architecture = process.arch === "arm64" ? "arm64" : "amd64";
  const triple = architecture === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  const files = await debianPackage("libfaketime", architecture);
  const directory = mkdtempSync(join(tmpdir(), "luakit-clock-"));
  const file = join(directory, "offset");
  const set = (seconds: number) => {
    writeFileSync(`${file}.new`, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}\n`);
    renameSync(`${file}.new`, file);
  };
  set(0);
  return {
    env: {
      LD_PRELOAD: join(files, `usr/lib/${triple}/faketime/libfaketimeMT.so.1`),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
    set,
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Some hours or days away, in both directions. */
function jump(random: Random): number {
  const size = random(2) === 0 ? 3600 * (1 + random(48)) : 86_400 * (1 + random(400));
  return random(2) === 0 ? -size : size;
}

/** What no build says that takes less than a minute. */
const absurd = /-\d+(\.\d+)?s\b|\b\d+m ?\d+s|\b\d+h\b|\b\d{3,}(\.\d+)?s\b|NaN|Infinity/;

test("a clock that is set while it builds changes nothing", async () => {
  await runCases("clock", effort(1, 200), async (random) => {
    const { work, outcome, milliseconds } = await modelOf(pick(works, random));
    const mode = pick(["plain", "plain", "rawjson"], random);
    using clock = await openClock();
    if (random(2) === 0) clock.set(jump(random));
    let timer: Timer | undefined;
    const start = performance.now();
    const meanwhile = async (running: Running) => {
      const again = () => {
        clock.set(jump(random));
        timer = setTimeout(again, random(Math.ceil(milliseconds)));
      };
      again();
      await Promise.race([running.ended, Bun.sleep(patience).then(() => running.signal("SIGKILL"))]);
      clearTimeout(timer);
    };
    const end = await runWork(showing(work, mode), { addr, random, env: clock.env, meanwhile });
    const wrong = [...judge(work, end, { statuses: [0], outcome })];
    const took = performance.now() - start;
    const found = took < 60_000 && mode === "plain" ? absurd.exec(end.stderr)?.[0] : undefined;
    if (found !== undefined) wrong.push(`it says ${found}`);
    return { struck: true, wrong, kind: `exit ${end.exitCode}`, text: end.stderr.slice(-1500) };
  });
});

test("a script has its time whatever the clock is set to, and no more", () =>
  inDirectory(async (cwd) => {
    const busy = "local till = os.clock() + 1 while os.clock() < till do end bk.export(bk.scratch())";
    const run = async (script: string, seconds: number, limit: string) => {
      using clock = await openClock();
      writeScript(cwd, script);
      const running = startLuakit(["build", "--timeout", limit, "-o", "x.pb"], { cwd, env: clock.env });
      await Bun.sleep(400);
      clock.set(seconds);
      return running.ended;
    };
    for (const seconds of isLong ? [-86_400, 86_400] : [-86_400]) {
      expect(await run(busy, seconds, "1m")).toMatchObject({ exitCode: 0, stderr: "" });
      const { exitCode, stderr } = await run("while true do end", seconds, "1s");
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("more than 1 s") });
    }
  }));

test("--watch goes on when the clock is set", () =>
  inDirectory(async (cwd) => {
    using clock = await openClock();
    const script = (text: string) => `bk.export(bk.image("${images.busybox}"):mkfile("/x", "${text}"))`;
    writeScript(cwd, script("0"));
    const words = ["build", "--watch", "--solve", "--addr", addr, "--progress=plain", "-o", "type=tar,dest=x.tar"];
    const running = startLuakit(words, { cwd, env: clock.env });
    try {
      const done = () => running.text().match(/done; watching/g)?.length ?? 0;
      for (const [index, seconds] of (isLong ? [0, -7200, 86_400 * 3, -86_400 * 40] : [0, -7200]).entries()) {
        clock.set(seconds);
        if (index > 0) {
          writeFileSync(join(cwd, "draft"), script(String(index)));
          renameSync(join(cwd, "draft"), join(cwd, "build.lua"));
        }
        await until(() => done() > index);
        expect(readFileSync(join(cwd, "x.tar"), "latin1")).toContain(`\0${index}\0`);
      }
      running.signal("SIGINT");
      expect([0, 130]).toContain((await running.ended).exitCode);
    } finally {
      running.signal("SIGKILL");
    }
  }));

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { closeSync, constants, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { effort } from "../stress/effort.ts";
import { inDirectory, unique } from "../support/build.ts";
import { writeScript } from "../support/luakit.ts";
import { openPseudoTerminal, readAll } from "../support/pseudo-terminal.ts";
import { type Running, startLuakit } from "../support/running.ts";
import { hasBytes, listFiles } from "../support/stage.ts";
import { testbed } from "../support/testbed.ts";

/** Seconds for which nobody reads. */
const patience = effort(3, 100);

setDefaultTimeout(60_000 + patience * 1000);

const { addr, images } = testbed();
const busybox = `bk.image("${images.busybox}")`;
const bytes = 64 * 1024 * 1024;
const large = `bk.export(${busybox}:run("dd if=/dev/zero of=/out/large bs=1M count=64",
  {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out"))`;

/** A pipe of which the test has both ends. */
function openPipe(directory: string): { readonly reader: number; readonly writer: number } {
  const path = join(directory, `pipe-${unique()}`);
  Bun.spawnSync(["mkfifo", path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: openSync(path, "w") };
}

function solve(cwd: string, flags: readonly string[], to: { stdout?: number; stderr?: number } = {}): Running {
  const words = ["build", "--solve", "--addr", addr, ...flags, "build.lua"];
  return startLuakit(words, { cwd, env: { TERM: "xterm", NO_COLOR: "1" }, ...to });
}

describe.concurrent("an archive on stdout", () => {
  test("waits for its reader", () =>
    inDirectory(async (cwd) => {
      writeScript(cwd, large);
      const { reader, writer } = openPipe(cwd);
      const running = solve(cwd, ["--progress=plain", "-o", "type=tar,dest=-"], { stdout: writer });
      closeSync(writer);
      await running.wrote("sending tarball");
      await Bun.sleep(patience * 1000);
      let length = 0;
      let isOver = false;
      running.ended.then(() => {
        isOver = true;
      });
      const chunk = new Uint8Array(1 << 20);
      for (let got = -1; got !== 0; ) {
        try {
          got = readSync(reader, chunk);
          length += got;
        } catch {
          await Bun.sleep(1);
        }
        if (got === 0 && !isOver) got = -1;
        if (length % 7 === 0) await Bun.sleep(1);
      }
      closeSync(reader);
      const { exitCode, memory } = await running.ended;
      expect(exitCode).toBe(0);
      expect(length).toBeGreaterThan(bytes);
      expect(memory).toBeLessThan(250e6);
    }));

  test.each([
    ["when it has read some", 100_000],
    ["at once", 0],
  ])("ends with its reader, who goes %s", (_, least) =>
    inDirectory(async (cwd) => {
      writeScript(cwd, large);
      const { reader, writer } = openPipe(cwd);
      const flags = ["--progress=plain", "-o", "type=tar,dest=-", "-o", "type=tar,dest=x.tar"];
      const running = solve(cwd, flags, { stdout: writer });
      closeSync(writer);
      let length = 0;
      if (least > 0) {
        await running.until(() => {
          length += readAll(reader).length;
          return length >= least;
        });
      }
      closeSync(reader);
      const { exitCode, stderr } = await running.ended;
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
      expect(stderr).toContain("error: cannot write stdout: nobody reads it any more");
      expect(readdirSync(cwd).filter((name) => name.startsWith("x.tar"))).toEqual([]);
    }),
  );
});

describe.concurrent("a terminal that takes nothing", () => {
  // Enough to fill it.
  const noisy = `bk.export(${busybox}:run("seq 1 20000; seq 1 20000; dd if=/dev/zero of=/out/large bs=1M count=1; echo ${unique()}",
    {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out"))`;

  test.each(["plain", "tty", "rawjson"])("is waited for, and nothing else stops for it: %s", (mode) =>
    inDirectory(async (cwd) => {
      writeScript(cwd, noisy.replace("echo", `echo ${unique()}`));
      using terminal = openPseudoTerminal();
      const flags = [`--progress=${mode}`, "-o", "type=tar,dest=x.tar"];
      const running = solve(cwd, flags, { stderr: terminal.descriptor });
      // The archive comes in; it has its name when all was told.
      await running.until(() => hasBytes(cwd, "x.tar", 1 << 20));
      await Bun.sleep(patience * 1000);
      let text = "";
      let isOver = false;
      running.ended.then(() => {
        isOver = true;
      });
      while (!isOver) {
        text += terminal.read();
        await Bun.sleep(5);
      }
      text += terminal.read();
      expect((await running.ended).exitCode).toBe(0);
      if (mode === "plain") expect(text).toContain("x.tar");
      if (mode === "tty") expect(text).toContain("FINISHED");
    }),
  );

  test.each(["plain", "tty", "rawjson"])("does not hold up Ctrl-C: %s", (mode) =>
    inDirectory(async (cwd) => {
      writeScript(cwd, `bk.export(${busybox}:run("seq 1 20000; echo ${unique()}; sleep 1000"))`);
      using terminal = openPseudoTerminal();
      const running = solve(cwd, [`--progress=${mode}`, "-o", "x"], { stderr: terminal.descriptor });
      await Bun.sleep(2500);
      running.signal("SIGINT");
      const { exitCode, milliseconds } = await running.ended;
      expect(exitCode).toBe(130);
      expect(milliseconds).toBeLessThan(2000);
      expect(listFiles(cwd)).toEqual(["build.lua"]);
    }),
  );

  test("does not hold up Ctrl-C when the build is over", () =>
    inDirectory(async (cwd) => {
      writeScript(cwd, noisy.replace("echo", `echo ${unique()}`));
      using terminal = openPseudoTerminal();
      terminal.fill();
      const running = solve(cwd, ["--progress=tty", "-o", "type=tar,dest=x.tar"], { stderr: terminal.descriptor });
      await running.until(() => existsSync(join(cwd, "x.tar")));
      await Bun.sleep(500);
      running.signal("SIGINT");
      const { exitCode, milliseconds } = await running.ended;
      // The build is done; what waits for the terminal is ended as any program is.
      expect([exitCode, milliseconds < 2000]).toEqual([130, true]);
    }));
});

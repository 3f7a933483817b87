import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { effort } from "../stress/effort.ts";
import { inDirectory, luakit } from "../support/build.ts";
import { type LuakitResult, runLuakit, writeScript } from "../support/luakit.ts";
import { startOwnBuildkitd } from "../support/own-buildkitd.ts";
import { testbed } from "../support/testbed.ts";

/** How often 1 GiB goes each way; without it, it is less, and less often. */
const stress = effort(0, 50);
const mebibytes = stress > 0 ? 1024 : 256;
const rounds = { up: stress > 0 ? stress : 2, down: stress > 0 ? stress : 1 };
const manyFiles = stress > 0 ? 100_000 : 5_000;
/** Of the whole process, whatever the size of a file: a build that sends nothing takes 55 to 60 MB. Files are remembered. */
const memoryLimits = { large: 125e6, many: 250e6 };

setDefaultTimeout(stress > 0 ? 3_600_000 : 120_000);

const { images } = testbed();
const busybox = `bk.image("${images.busybox}")`;
const daemon = await startOwnBuildkitd({ tcp: true });
const scratch = mkdtempSync(join(tmpdir(), "luakit-transfer-"));
afterAll(async () => {
  await daemon.stop();
  rmSync(scratch, { recursive: true, force: true });
});

function buildIn(cwd: string, flags: readonly string[], script: string): Promise<LuakitResult> {
  writeScript(cwd, script);
  const words = ["build", "--solve", "--addr", daemon.addr, "--progress", "plain", ...flags, "build.lua"];
  return runLuakit(words, { cwd });
}

/** What a build says; throws when it fails, or takes much memory. */
async function transfer(
  cwd: string,
  flags: readonly string[],
  script: string,
  memoryLimit = memoryLimits.large,
): Promise<string> {
  const { exitCode, stderr, memory } = await buildIn(cwd, flags, script);
  if (exitCode !== 0) throw new Error(`luakit exits with ${exitCode}:\n${stderr}`);
  expect(memory).toBeLessThan(memoryLimit);
  const took = /Built in \S+/.exec(stderr)?.[0];
  if (stress > 0) process.stderr.write(`${flags.join(" ")}: ${Math.round(memory / 1e6)} MB, ${took}\n`);
  return stderr;
}

describe(`${mebibytes} MiB`, () => {
  const bytes = mebibytes * 1024 * 1024;

  test(`go up ${rounds.up} times in a row`, async () => {
    const cwd = mkdtempSync(join(scratch, "up-"));
    mkdirSync(join(cwd, "context"));
    const file = join(cwd, "context/large");
    // The largest part is a hole, which the disk need not read.
    const fd = openSync(file, "w");
    ftruncateSync(fd, bytes);
    for (let round = 1; round <= rounds.up; round++) {
      const end = `the end of round ${String(round).padStart(4, "0")}`;
      writeSync(fd, end, bytes - end.length);
      utimesSync(file, round, round);
      const command = `wc -c < /in/large; tail -c ${end.length} /in/large; echo`;
      const log = await transfer(
        cwd,
        ["-c", "context", "-o", "type=cacheonly"],
        `bk.export(${busybox}:run("${command}", {mounts = {bk.bind(bk.local_("context"), "/in")}}))`,
      );
      expect(log).toContain(` ${bytes}\n`);
      expect(log).toContain(` ${end}\n`);
    }
    closeSync(fd);
  });

  test.each([
    ["tar", "type=tar,dest=out", () => bytes + 1024],
    ["local", "type=local,dest=out", () => bytes],
    ["oci", "type=oci,dest=out,compression=uncompressed,force-compression=true", () => bytes],
    ["layout", "type=oci,tar=false,dest=out,compression=uncompressed,force-compression=true", () => bytes],
  ])(`come down ${rounds.down} times in a row: %s`, async (_, output, least) => {
    const cwd = mkdtempSync(join(scratch, "down-"));
    const script = `bk.export(${busybox}:run("dd if=/dev/zero of=/out/large bs=1M count=${mebibytes}",
      {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out"))`;
    for (let round = 1; round <= rounds.down; round++) {
      await transfer(cwd, ["-o", output], script);
      expect(sizeOf(join(cwd, "out"))).toBeGreaterThanOrEqual(least());
      rmSync(join(cwd, "out"), { recursive: true });
    }
  });

  test("go to stdout", async () => {
    const cwd = mkdtempSync(join(scratch, "stdout-"));
    writeScript(
      cwd,
      `bk.export(${busybox}:run("dd if=/dev/zero of=/out/large bs=1M count=${mebibytes}",
      {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out"))`,
    );
    const words = [luakit, "build", "--solve", "--addr", daemon.addr, "--progress=quiet", "-o", "-", "build.lua"];
    const child = Bun.spawn(["sh", "-c", '"$@" | wc -c', "sh", ...words], { cwd, stdout: "pipe" });
    expect(Number(await new Response(child.stdout).text())).toBeGreaterThan(bytes);
  });
});

function sizeOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

test(`${manyFiles} files with names of all kinds go up and come back`, async () => {
  const cwd = mkdtempSync(join(scratch, "many-"));
  const kinds = [
    "plain",
    "with space",
    "new\nline",
    "grüße 世界 🙂",
    "quote\"'`$(x)",
    "back\\slash",
    "-dash",
    "\u0001\t",
  ];
  const written = new Map<string, string>();
  for (let index = 0; index < manyFiles; index++) {
    const kind = kinds[index % kinds.length] ?? "";
    const name = `${kind} ${Math.floor(index / 1000)}/${kind} ${index}`;
    const path = join(cwd, "context", name);
    if (index % 1000 < kinds.length) mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `${index}`);
    written.set(name, `${index}`);
  }
  await transfer(cwd, ["-c", "context", "-o", "out"], 'bk.export(bk.local_("context"))', memoryLimits.many);
  let count = 0;
  for (const directory of readdirSync(join(cwd, "out"))) {
    for (const name of readdirSync(join(cwd, "out", directory))) {
      count++;
      const path = `${directory}/${name}`;
      if (readFileSync(join(cwd, "out", path), "utf8") !== written.get(path)) throw new Error(`${path} differs`);
    }
  }
  expect(count).toBe(manyFiles);
  rmSync(cwd, { recursive: true });
});

describe("local files", () => {
  const script = 'bk.export(bk.scratch():copy(bk.local_("context"), "/", "/"))';

  test.each(["change", "vanish"])("that %s while they are sent hang nothing", async (how) => {
    const cwd = mkdtempSync(join(scratch, "changing-"));
    mkdirSync(join(cwd, "context"));
    const path = (index: number) => join(cwd, "context", `file${index}`);
    for (let index = 0; index < 400; index++) writeFileSync(path(index), "x".repeat(100_000));
    let isOver = false;
    const change = async () => {
      for (let index = 0; !isOver; index = (index + 7) % 400) {
        const kind = index % 4;
        if (kind === 0) appendFileSync(path(index), "more");
        else if (kind === 1) truncateSync(path(index), Math.floor(Math.random() * 50_000));
        else if (how === "change") writeFileSync(path(index), "again");
        else rmSync(path(index), { force: true });
        await Bun.sleep(1);
      }
    };
    const changing = change();
    try {
      for (let round = 0; round < 3; round++) {
        const { exitCode, stderr } = await buildIn(cwd, ["-c", "context", "-o", "type=tar,dest=out.tar"], script);
        if (exitCode !== 0) expect(stderr).toMatch(/cannot (read|send) .*\/context\/file\d+: it does not exist/);
        if (how === "change") expect(exitCode).toBe(0);
        expect(readdirSync(cwd).filter((name) => name.includes("tar"))).toEqual(exitCode === 0 ? ["out.tar"] : []);
        rmSync(join(cwd, "out.tar"), { force: true });
      }
    } finally {
      isOver = true;
      await changing;
    }
  });

  test("that may not be read are named", () =>
    inDirectory(async (cwd) => {
      mkdirSync(join(cwd, "context"));
      writeFileSync(join(cwd, "context/open"), "x");
      writeFileSync(join(cwd, "context/closed"), "x", { mode: 0 });
      writeScript(cwd, script);
      Bun.spawnSync(["chown", "-R", "nobody", cwd]);
      const program = ["setpriv", "--reuid=nobody", "--clear-groups", "--", luakit];
      const words = [
        "build",
        "--solve",
        "--addr",
        daemon.tcp,
        "-c",
        "context",
        "-o",
        "type=tar,dest=x.tar",
        "build.lua",
      ];
      const { exitCode, stderr } = await runLuakit(words, { cwd, program });
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`cannot read ${join(cwd, "context/closed")}: permission denied`);
      expect(readdirSync(cwd).toSorted()).toEqual(["build.lua", "context"]);
    }));
});

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luakit, unique } from "../../support/build.ts";
import { type OwnBuildkitd, startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import { megabytes, type SampledRun, sampled } from "../../support/sampled-run.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, tell } from "../effort.ts";

/** KiB that a step prints. Without settings of its own a daemon clips what comes in more than 200 KiB a second. */
const kibibytes = effort(128, 1024 * 1024);
const size = Math.ceil(kibibytes / 128) * 131_072;
const isLong = size > 16e6;
const amount = isLong ? `${Math.round(size / 1_048_576)} MiB` : `${kibibytes} KiB`;
/** What a build may need beside what it needs without a log. */
const memoryLimit = 250e6;

setDefaultTimeout(isLong ? 3_600_000 : 60_000);

const { buildctl, images, addr: shared } = testbed();
let daemon: OwnBuildkitd | undefined;
let scratch: string;
beforeAll(async () => {
  // BuildKit clips what a step prints beyond 2 MiB, and beyond 200 KiB a second.
  const env = { BUILDKIT_STEP_LOG_MAX_SIZE: "-1", BUILDKIT_STEP_LOG_MAX_SPEED: "-1" };
  if (isLong) daemon = await startOwnBuildkitd({ env });
  scratch = mkdtempSync(join(tmpdir(), "luakit-load-"));
});
afterAll(async () => {
  await daemon?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** What is printed: a shell command, and the same bytes here, a piece after the other. */
interface Log {
  readonly command: string;
  readonly pieces: () => Iterable<Uint8Array>;
}

const lineLength = 128;
/** Lines of `lineLength` bytes, which begin with their number. */
const manyLines: Log = {
  command: `awk 'BEGIN { for (i = 0; i < ${lineLength - 11}; i++) tail = tail "x"; for (i = 0; i < ${size / lineLength}; i++) printf "%010d%s\\n", i, tail }'`,
  pieces: () => linesOf(lineLength, 512),
};
const longLength = Math.min(size / 2, 1024 * 1024);
const longLines: Log = {
  command: `head -c ${longLength - 11} /dev/zero | tr '\\0' x > /tail; for i in $(seq 0 ${size / longLength - 1}); do printf %010d $i; cat /tail; echo; done`,
  pieces: () => linesOf(longLength, 1),
};
const logs: Readonly<Record<"many lines" | "long lines" | "no newline" | "garbage", Log>> = {
  "many lines": manyLines,
  "long lines": longLines,
  "no newline": {
    command: `head -c ${size} /dev/zero | tr '\\0' x`,
    *pieces() {
      const piece = new Uint8Array(65_536).fill(120);
      for (let at = 0; at < size; at += piece.length) yield piece;
    },
  },
  // Every byte after every other, as no text has them.
  garbage: {
    command: `awk 'BEGIN { for (i = 0; i < 256; i++) for (j = 0; j < 256; j++) printf "\\\\%03o\\\\%03o", i, j }' > /tmp/octal; printf "$(cat /tmp/octal)" > /tmp/bytes; for i in $(seq ${size / 131_072}); do cat /tmp/bytes; done`,
    *pieces() {
      const piece = new Uint8Array(131_072);
      for (let at = 0; at < piece.length; at++) piece[at] = at % 2 === 0 ? at >> 9 : (at >> 1) & 255;
      for (let at = 0; at < size; at += piece.length) yield piece;
    },
  },
};

function* linesOf(length: number, atOnce: number): Generator<Uint8Array> {
  const tail = `${"x".repeat(length - 11)}\n`;
  for (let line = 0; line < size / length; line += atOnce) {
    const count = Math.min(atOnce, size / length - line);
    const lines = Array.from({ length: count }, (_, index) => String(line + index).padStart(10, "0") + tail);
    yield new TextEncoder().encode(lines.join(""));
  }
}

function digestOf(pieces: Iterable<Uint8Array>): string {
  const hasher = new Bun.CryptoHasher("sha256");
  let length = 0;
  for (const piece of pieces) {
    hasher.update(piece);
    length += piece.length;
  }
  return `${length} bytes, ${hasher.digest("hex")}`;
}

/** Runs a build of one step that prints; stderr goes to a file. */
async function build(
  log: Log,
  mode: string,
  flags: readonly string[] = [],
  terminal?: Bun.Terminal,
): Promise<SampledRun & { readonly directory: string; readonly stderrFile: string }> {
  const directory = mkdtempSync(join(scratch, "log-"));
  writeFileSync(
    join(directory, "build.lua"),
    `bk.export(bk.image("${images.busybox}"):run(": ${unique()}; " .. bk.arg("COMMAND"), {name = "printing"}))`,
  );
  const words = ["--addr", daemon?.addr ?? shared, `--progress=${mode}`, `--build-arg=COMMAND=${log.command}`];
  const stderrFile = join(directory, "stderr");
  const stderr = openSync(stderrFile, "w");
  const argv = [luakit, "build", "--solve", ...words, ...flags];
  const options = terminal === undefined ? { stderr } : { terminal };
  const run = await sampled(argv, { cwd: directory, env: { TERM: "xterm" }, ...options }).finally(() =>
    closeSync(stderr),
  );
  return { ...run, directory, stderrFile };
}

function tellRun(what: string, { memory, milliseconds }: SampledRun): void {
  tell(`load: a log of ${amount}, ${what}`, {
    "MB at most": megabytes(memory.peak),
    "MB halfway": megabytes(memory.early),
    "MB at the end": megabytes(memory.late),
    "MB/s": Math.round(size / 1e3 / milliseconds),
  });
  expect(memory.peak).toBeLessThan(memoryLimit);
}

async function eachLine(path: string, each: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of Bun.file(path).stream()) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) each(line);
  }
}

/** The digest of all that status messages say that steps have printed. */
async function digestOfTrace(path: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  let length = 0;
  await eachLine(path, (line) => {
    if (!line.startsWith("{")) return;
    const { logs: printed = [] }: { logs?: readonly { data?: string }[] } = JSON.parse(line);
    for (const { data = "" } of printed) {
      const bytes = Buffer.from(data, "base64");
      hasher.update(bytes);
      length += bytes.length;
    }
  });
  return `${length} bytes, ${hasher.digest("hex")}`;
}

/** The digest of a step's text in plain progress. Lines that are too long for it are in pieces. */
async function digestOfPlain(path: string, newline: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  let length = 0;
  await eachLine(path, (line) => {
    const text = /^#\d+ \d+\.\d+ (.*)$/.exec(line)?.[1];
    if (text === undefined) return;
    hasher.update(text + newline);
    length += Buffer.byteLength(text + newline);
  });
  return `${length} bytes, ${hasher.digest("hex")}`;
}

function* withoutNewlines(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) yield piece.filter((byte) => byte !== 10);
}

describe(`a log of ${amount}`, () => {
  test("of many lines: plain and a trace have all of it, a report its two ends", async () => {
    const log = logs["many lines"];
    const run = await build(log, "plain", ["--trace", "trace.jsonl", "--report", "report.html"]);
    tellRun("plain, --trace and --report", run);
    expect(await digestOfPlain(run.stderrFile, "\n")).toBe(digestOf(log.pieces()));
    expect(await digestOfTrace(join(run.directory, "trace.jsonl"))).toBe(digestOf(log.pieces()));
    const report = readFileSync(join(run.directory, "report.html"), "utf8");
    expect(report.length).toBeLessThan(4_000_000);
    expect(report).toContain(`${String(size / lineLength - 1).padStart(10, "0")}x`);
    if (isLong) expect(report).toContain('"gap":{"line":');
    rmSync(run.directory, { recursive: true });
  });

  test("of garbage: rawjson has all of it", async () => {
    const run = await build(logs.garbage, "rawjson");
    tellRun("garbage, rawjson", run);
    expect(await digestOfTrace(run.stderrFile)).toBe(digestOf(logs.garbage.pieces()));
    rmSync(run.directory, { recursive: true });
  });

  test.each(isLong ? (["long lines", "no newline"] as const) : (["long lines"] as const))(
    "of %s: plain has all of it",
    async (kind) => {
      const run = await build(logs[kind], "plain");
      tellRun(`${kind}, plain`, run);
      expect(await digestOfPlain(run.stderrFile, "")).toBe(digestOf(withoutNewlines(logs[kind].pieces())));
      rmSync(run.directory, { recursive: true });
    },
  );

  test.each(isLong ? (["many lines", "garbage", "no newline"] as const) : (["many lines"] as const))(
    "of %s: a terminal keeps up",
    async (kind) => {
      let bytes = 0;
      let end = "";
      const decoder = new TextDecoder();
      const terminal = new Bun.Terminal({
        cols: 100,
        rows: 30,
        data(_, chunk) {
          bytes += chunk.length;
          end = (end + decoder.decode(chunk, { stream: true })).slice(-10_000);
        },
      });
      const run = await build(logs[kind], "tty", [], terminal);
      // What a process wrote last may be read a moment after its end.
      for (let waits = 0; waits < 500 && !end.includes("FINISHED"); waits++) await Bun.sleep(10);
      terminal.close();
      tellRun(`${kind}, tty`, run);
      expect(end).toContain("FINISHED");
      // Ten frames a second, whatever is printed.
      expect(bytes).toBeLessThan(20_000 + run.milliseconds * 60);
    },
  );

  test("of garbage: plain and quiet need no more memory", async () => {
    if (isLong) tellRun("garbage, plain", await build(logs.garbage, "plain"));
    const quiet = await build(logs.garbage, "quiet");
    tellRun("garbage, quiet", quiet);
    expect(statSync(quiet.stderrFile).size).toBe(0);
  });
});

async function buildctlBeside(mode: string): Promise<void> {
  const directory = mkdtempSync(join(scratch, "log-"));
  const script = `bk.export(bk.image("${images.busybox}"):run(": ${unique()}; " .. bk.arg("COMMAND")))`;
  writeFileSync(join(directory, "build.lua"), script);
  const command = logs["many lines"].command;
  Bun.spawnSync([luakit, "build", `--build-arg=COMMAND=${command}`, "-o", "build.pb"], { cwd: directory });
  const stderr = openSync(join(directory, "stderr"), "w");
  const argv = [buildctl, "--addr", daemon?.addr ?? shared, "build", `--progress=${mode}`];
  const run = await sampled(argv, { cwd: directory, stdin: Bun.file(join(directory, "build.pb")), stderr });
  closeSync(stderr);
  rmSync(directory, { recursive: true });
  tell(`load: a log of ${amount}, buildctl, ${mode}`, {
    "MB at most": megabytes(run.memory.peak),
    "MB/s": Math.round(size / 1e3 / run.milliseconds),
  });
}

if (isLong) test.each(["plain", "rawjson"])("buildctl beside: %s", buildctlBeside);

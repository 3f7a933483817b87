import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { runsInCi } from "../host/ci.ts";
import { findTestFiles } from "../suite/find-files.ts";
import { jsonList, jsonReport } from "../suite/json-report.ts";
import { junitReport } from "../suite/junit-report.ts";
import type { SuiteSettings } from "../suite/message.ts";
import { colorReport, failureLines, fileLines, plainReport, summaryLines } from "../suite/report-lines.ts";
import { runSuite, type SuiteOptions } from "../suite/run-suite.ts";
import { titleOf } from "../suite/run-tests.ts";
import { type FileTests, isFailed, type SuiteResult } from "../suite/suite-result.ts";
import { tapReport } from "../suite/tap-report.ts";
import { type Command, type Flag, flagValue, type Input, isFlagSet } from "./command.ts";
import { type Interrupt, listenForInterrupt } from "./interrupt.ts";
import { formatError } from "./report.ts";
import { readTimeout } from "./script-flags.ts";
import { daemonFlags, solveFlags } from "./solve-flags.ts";
import { hasColors, type Terminal } from "./terminal.ts";
import type { TestDaemon } from "./test-daemon.ts";
import { watchFlags } from "./watch-flags.ts";
import { isStdout, writeOutput } from "./write-output.ts";

const formats = ["text", "json", "junit", "tap"] as const;
type Format = (typeof formats)[number];

const runFlags = {
  filter: { type: "string", value: "TEXT", doc: "only tests whose file and name hold this; * stands for anything" },
  format: { type: "string", choices: formats, value: "FORMAT", doc: "what to print, by default text" },
  output: { type: "string", short: "o", value: "FILE", doc: "write that to FILE, and text to stdout; - is stdout" },
  junit: { type: "string", value: "FILE", doc: "the same as --format junit -o FILE, beside another format" },
  update: { type: "boolean", short: "u", doc: "write snapshots anew, and remove those that no test asks for" },
  bail: { type: "boolean", doc: "start no more files after a failure" },
  list: { type: "boolean", doc: "list the tests and run none" },
  jobs: { type: "string", short: "j", value: "N", doc: "files that run at a time; default: one for each processor" },
  context: {
    type: "string",
    short: "c",
    value: "DIR",
    doc: "root of the project, where require looks too; default: .",
  },
  timeout: { type: "string", value: "DURATION", doc: "time that a test may take, without waiting; default: 30s" },
  worker: { type: "boolean", hidden: true, doc: "run the tests that stdin tells" },
} as const satisfies Record<string, Flag>;

export const test: Command = {
  name: "test",
  summary: "Run the tests of scripts: every *_test.lua below a directory.",
  operands: "[FILE|DIR...]",
  maxOperands: Number.POSITIVE_INFINITY,
  flags: {
    ...runFlags,
    ...watchFlags,
    solve: { type: "boolean", doc: "run tests that build on a daemon, too" },
    local: solveFlags.local,
    allow: solveFlags.allow,
    offline: solveFlags.offline,
    ...daemonFlags,
  },
  examples: [
    { command: "luakit test", doc: "Run all tests below this directory" },
    { command: "luakit test --filter release build_test.lua", doc: "Some tests of one file" },
    { command: "luakit test --update", doc: "Accept the graphs that changed" },
    { command: "luakit test --solve --junit report.xml", doc: "With builds on a daemon, and a report for CI" },
  ],
  async run(input, terminal) {
    if (isFlagSet(input, "worker")) return work();
    if (isFlagSet(input, "watch")) return (await import("./watch/watch.ts")).watchCommand(test, input, terminal);
    const files = findTestFiles(input.positionals, terminal.cwd);
    if (files.length === 0) {
      throw new LuakitError("usage", "there are no tests here", { hint: "tests are in files named *_test.lua" });
    }
    const jobs = readJobs(input);
    const interrupt = listenForInterrupt();
    const daemon = await openDaemonFor(input, terminal, interrupt);
    try {
      const worker = { command: ownCommand(), variables: terminal.variables };
      const options = { files, jobs, signal: interrupt.signal, bail: isFlagSet(input, "bail"), worker };
      const settings = readSettings(input, terminal, daemon);
      return await runTests(input, terminal, { ...options, settings, openAnswerer: daemon?.openAnswerer });
    } finally {
      interrupt.release();
      await daemon?.close();
    }
  },
};

/** Runs tests for the process that started this one, which also ends it: Ctrl-C at a terminal goes to both. */
async function work(): Promise<number> {
  process.on("SIGINT", () => undefined);
  const { serveTests } = await import("../suite/serve-tests.ts");
  return serveTests();
}

async function openDaemonFor(input: Input, terminal: Terminal, interrupt: Interrupt): Promise<TestDaemon | undefined> {
  if (isFlagSet(input, "solve")) return (await import("./test-daemon.ts")).openTestDaemon(input, terminal, interrupt);
  const stray = [...Object.keys(daemonFlags), "local", "allow", "offline"].find((name) => isFlagSet(input, name));
  if (stray === undefined) return undefined;
  throw new LuakitError("usage", `--${stray} is for tests that build on a daemon`, { hint: "add --solve" });
}

function readSettings(input: Input, terminal: Terminal, daemon: TestDaemon | undefined): SuiteSettings {
  return {
    root: resolve(terminal.cwd, flagValue(input, "context") ?? "."),
    time: readTimeout(input),
    update: isFlagSet(input, "update"),
    ci: runsInCi(terminal.variables),
    filter: flagValue(input, "filter"),
    list: isFlagSet(input, "list"),
    solve: daemon && { platform: daemon.platform },
  };
}

function readJobs(input: Input): number {
  const text = flagValue(input, "jobs");
  if (text === undefined) return availableParallelism();
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new LuakitError("usage", `--jobs: "${text}" is not a number of files`, { hint: "write -j 4" });
}

/** How this program starts itself: the executable, or the runtime with the program's file. */
function ownCommand(): string[] {
  const program = Bun.embeddedFiles.length > 0 ? [] : [Bun.main];
  return [process.execPath, ...program, "test", "--worker"];
}

async function runTests(input: Input, terminal: Terminal, given: Omit<SuiteOptions, "onFile">): Promise<number> {
  const isList = isFlagSet(input, "list");
  const format = formats.find((known) => known === flagValue(input, "format")) ?? "text";
  if (isList) checkList(input, format);
  const output = flagValue(input, "output");
  const junit = flagValue(input, "junit");
  const isReport = format !== "text" && isStdout(output);
  if (isReport && junit === "-") throw twoReports(format);
  const isText = !isList && !isReport && junit !== "-";
  const style = hasColors({ ...terminal, errorIsTerminal: terminal.outIsTerminal }) ? colorReport : plainReport;
  const print = (lines: readonly string[]) => terminal.out(lines.map((line) => `${line}\n`).join(""));
  const result = await runSuite({
    ...given,
    onFile: (file) => {
      const isOfInterest = file.tests.length > 0 || file.error !== undefined;
      if (isText && (isOfInterest || given.settings.filter === undefined)) print(fileLines(file, style));
    },
  });
  if (isList) return list(result.lists, { format, output }, terminal);
  if (isText) print([...failureLines(result, style, formatError), ...summaryLines(result, style)]);
  if (junit !== undefined) writeOutput(junit, junitReport(result, formatError), terminal);
  if (format !== "text" || !isStdout(output)) writeOutput(output, reportAs(format, result), terminal);
  if (given.signal.aborted) throw new LuakitError("interrupted", "the tests were interrupted");
  return statusOf(result);
}

function reportAs(format: Format, result: SuiteResult): string {
  switch (format) {
    case "json":
      return jsonReport(result);
    case "junit":
      return junitReport(result, formatError);
    case "tap":
      return tapReport(result, formatError);
    case "text": {
      const files = result.files.flatMap((file) => fileLines(file, plainReport));
      const lines = [...files, ...failureLines(result, plainReport, formatError), ...summaryLines(result, plainReport)];
      return `${lines.join("\n")}\n`;
    }
  }
}

function twoReports(format: Format): LuakitError {
  return new LuakitError("usage", `the report as ${format} and that of --junit cannot both go to stdout`, {
    hint: `write one of them to a file: --junit report.xml, or -o report.${format}`,
  });
}

/** Reports of other programs have no form for tests that did not run. */
function checkList(input: Input, format: Format): void {
  const stray = isFlagSet(input, "junit") ? "--junit" : `--format ${format}`;
  if (stray === "--format text" || stray === "--format json") return;
  throw new LuakitError("usage", `${stray} is for tests that run, and --list runs none`, {
    hint: "luakit test --list --format json is for programs",
  });
}

interface ListOutput {
  readonly format: Format;
  readonly output: string | undefined;
}

function list(lists: readonly FileTests[], { format, output }: ListOutput, terminal: Terminal): number {
  const isFailed = lists.some(({ error }) => error !== undefined);
  if (!isFailed && lists.every(({ tests }) => tests.length === 0)) throw noTests();
  const lines = lists.flatMap(({ name, tests }) => tests.map(({ path }) => `${name} > ${titleOf(path)}\n`));
  const text = lines.join("");
  if (!isStdout(output)) terminal.out(text);
  writeOutput(output, format === "json" ? jsonList(lists) : text, terminal);
  for (const { name, error } of lists) if (error !== undefined) terminal.error(`${name}: ${error.message}\n`);
  return isFailed ? 1 : 0;
}

function statusOf({ files }: SuiteResult): number {
  if (files.some(isFailed)) return 1;
  if (files.some(({ tests }) => tests.length > 0)) return 0;
  throw noTests();
}

function noTests(): LuakitError {
  return new LuakitError("usage", "no test is like that", { hint: "luakit test --list shows the names" });
}

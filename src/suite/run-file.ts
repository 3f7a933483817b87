import { dirname } from "node:path";
import { standardLibrary } from "../api/prelude.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { LuaFunction } from "../lua/callback.ts";
import { optional } from "../lua/compose.ts";
import { openDirectoryModules } from "../lua/directory-modules.ts";
import { integer } from "../lua/scalar.ts";
import { openVm, type Vm } from "../lua/vm.ts";
import type { LastWords } from "../lua/watchdog.ts";
import { readIgnorePatterns } from "../script/ignore-file.ts";
import { fileFunctions, fileHandles } from "./functions.ts";
import { type FileJob, type Report, toErrorData } from "./message.ts";
import type { Answer, Question } from "./question.ts";
import { readLua } from "./read-lua.ts";
import { runTests } from "./run-tests.ts";
import { ScriptRunner } from "./script-runner.ts";
import { type TestHost, TestSession } from "./session.ts";
import { Snapshots } from "./snapshots.ts";

/** Bytes of Lua heap of a test file, and of each script. */
const memoryLimit = 512 * 1024 * 1024;

export interface RunFileOptions {
  readonly module: WebAssembly.Module;
  readonly report: (report: Report) => void;
  readonly ask: (question: Question) => Answer;
  /** How an error is told when only the end of the process can stop the script. */
  readonly lastWords: (error: LuakitError) => LastWords;
}

/** Reads a test file and runs its tests from `job.from` on. Errors are reported, never thrown. */
export function runFile(job: FileJob, options: RunFileOptions): void {
  const { report } = options;
  const vmOf: { current?: Vm } = {};
  const vm = () => {
    if (vmOf.current === undefined) throw new Error("the test file has no VM yet");
    return vmOf.current;
  };
  const { update, ci } = job.settings;
  let snapshots: Snapshots | undefined;
  try {
    snapshots = new Snapshots({ path: job.path, update, ci });
    const directory = dirname(job.path);
    const session = new TestSession(hostOf(job, options, vm, snapshots), () =>
      readIgnorePatterns({ script: { name: job.path, directory }, contextRoot: directory }),
    );
    vmOf.current = openFileVm(job, options, session);
    vm().run({ name: job.name, data: readLua(job.name, job.path) }, job.path);
    runTests(job, session, vm(), report);
    report({ kind: "done" });
  } catch (error) {
    if (snapshots !== undefined) report({ kind: "snapshots", count: snapshots.count });
    report({ kind: vmOf.current?.isOver === true ? "halted" : "broken", error: toErrorData(asLuakitError(error)) });
  } finally {
    vmOf.current?.close();
  }
}

function hostOf(
  job: FileJob,
  { module, lastWords, report, ask }: RunFileOptions,
  vm: () => Vm,
  snapshots: Snapshots,
): TestHost {
  const { root, time, solve } = job.settings;
  const clock = () => vm().clock;
  let stringFind: LuaFunction | undefined;
  return {
    clock,
    find: (text, pattern) => {
      stringFind ??= vm().library("string", "find");
      const [at] = stringFind.call([text, pattern], [optional(integer())]);
      return at !== undefined;
    },
    scripts: new ScriptRunner({
      directory: dirname(job.path),
      root,
      limits: { memory: memoryLimit, time },
      module,
      lastWords,
      clock,
    }),
    snapshots,
    ask: solve === undefined ? undefined : ask,
    daemonPlatform: solve?.platform,
    print: (line) => report({ kind: "print", line }),
  };
}

function openFileVm({ path, settings }: FileJob, options: RunFileOptions, session: TestSession): Vm {
  const { root, time } = settings;
  const stuck = new LuakitError(
    "script.limit",
    `the test ran for more than ${time / 1000} s, the last of it in one call of Lua's library, such as a pattern`,
  );
  return openVm({
    functions: fileFunctions,
    handles: fileHandles,
    session,
    limits: { memory: memoryLimit, time },
    module: options.module,
    modules: openDirectoryModules({
      scriptDirectory: dirname(path),
      contextDirectory: root,
      embedded: standardLibrary,
    }),
    environment: () => undefined,
    print: session.host.print,
    lastWords: options.lastWords(stuck),
  });
}

function asLuakitError(error: unknown): LuakitError {
  if (error instanceof LuakitError) return error;
  throw error;
}

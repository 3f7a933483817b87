import type { Target } from "../api/evaluation.ts";
import { state as stateKind } from "../api/handles.ts";
import { env } from "../api/kinds/env.ts";
import { platform } from "../api/kinds/platform.ts";
import { user } from "../api/kinds/scalar.ts";
import { filled } from "../api/kinds/text.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { parseImageConfig } from "../image/parse-config.ts";
import type { State } from "../llb/state.ts";
import { oneOf, optional } from "../lua/compose.ts";
import type { Call } from "../lua/function.ts";
import type { KindValue } from "../lua/kind.ts";
import { boolean, bytes, text } from "../lua/scalar.ts";
import { list, map, options } from "../lua/table.ts";
import { formatPlatform, type Platform, parsePlatform } from "../oci/platform.ts";
import { define, type TestFunction } from "./define.ts";
import { describeImage } from "./describe-config.ts";
import { build as buildKind, type Solved, solvedHandle } from "./handles.ts";
import { fromErrorData } from "./message.ts";
import type { Answer, FileStat, Question, SolveRequest } from "./question.ts";
import type { ScriptBuild } from "./script-runner.ts";
import type { TestSession } from "./session.ts";

const solveOptions = options(
  {
    platform: {
      kind: platform,
      doc: "The platform. Default: that of the Build, if its test named one, else the daemon's.",
    },
    secrets: { kind: map(text), doc: "Values of secrets by id. Secrets of the command line are not given to tests." },
    locals: { kind: map(filled), doc: "Directories of the project for `bk.local_(NAME)`, from the test file on." },
    context: {
      kind: filled,
      doc: 'The directory for `bk.local_("context")`. Default: that of the Build, else the test file\'s.',
    },
    no_cache: { kind: boolean, doc: "Run every step anew. Default: false." },
  },
  { type: "SolveOptions" },
);

const built = `local solved = test.solve(bk.image("busybox"):run("mkdir /out && echo hello > /out/greeting"))`;
const sample = (name: string, line: string) => `test("${name}", function()\n  ${built}\n  ${line}\nend)`;

const testSolve = define({
  name: "test.solve",
  doc: "Builds a State or a Build on a daemon and waits for it; it fails with the build's error. Without `--solve` the test is skipped here, and the summary says so.",
  params: [
    { name: "what", kind: oneOf(stateKind, buildKind), doc: "What to build." },
    { name: "opts", kind: optional(solveOptions), doc: "What the command line would say." },
  ],
  returns: { type: "Solved", handle: solvedHandle },
  example: sample("greets", 'expect(solved:read("/out/greeting")):equals("hello\\n")'),
  run: (call, what, given = {}): Solved => {
    const running = call.session.current("test.solve");
    const answer = ask(call.session, { kind: "solve", request: solveRequest(call, what, given) });
    running.solves = true;
    if (answer.kind !== "solved") throw unexpected(answer);
    const config = answer.config === undefined ? {} : describeImage(parseImageConfig(answer.config, "what was built"));
    return { number: answer.solved, config };
  },
});

type GivenSolve = KindValue<typeof solveOptions>;

function solveRequest({ session }: Call<TestSession>, what: State | ScriptBuild, given: GivenSolve): SolveRequest {
  const { scripts, daemonPlatform } = session.host;
  const build = "evaluated" in what ? what : undefined;
  const chosen = given.platform ?? platformOf(build, daemonPlatform);
  const target = build === undefined ? { state: what as State, config: {} } : targetOf(build, chosen);
  const directory = (name: string) => scripts.directory(name);
  const locals = new Map([...(given.locals ?? [])].map(([name, path]) => [name, directory(path)]));
  return {
    // The clock is this process's own, and the build is another's.
    target: { target: { ...target, startClock: undefined }, platform: chosen },
    buildArguments: build?.options.buildArguments ?? new Map(),
    context: given.context === undefined ? (build?.contextRoot ?? directory(".")) : directory(given.context),
    locals: new Map([...(build?.locals ?? []), ...locals]),
    secrets: given.secrets ?? new Map(),
    noCache: given.no_cache ?? false,
  };
}

function platformOf(build: ScriptBuild | undefined, daemon: string | undefined): Platform {
  if (build?.platformGiven === true) return build.platform;
  return parsePlatform(daemon ?? "linux/amd64");
}

function targetOf(build: ScriptBuild, wanted: Platform): Target {
  const name = formatPlatform(wanted);
  const targets = formatPlatform(build.platform) === name ? build.evaluated.targets : build.for(wanted);
  const fitting = targets.filter((each) => each.platform === undefined || formatPlatform(each.platform) === name);
  const [target] = fitting;
  if (target !== undefined && fitting.length === 1) return target;
  throw new LuakitError("script.argument", `the script gives ${fitting.length} results for ${name}`, {
    hint: "test.solve(build.states[…]) takes one of them",
  });
}

/** Asks the daemon; the script's time stands still meanwhile. */
function ask(session: TestSession, question: Question): Answer {
  const { host } = session;
  if (host.ask === undefined) {
    const running = session.current("test.solve");
    running.skipped = "needs --solve";
    throw new LuakitError("test.skipped", "this test needs a daemon", { hint: "luakit test --solve" });
  }
  const { ask: askHost } = host;
  const answer = host.clock().pause(() => askHost(question));
  if (answer.kind === "failed") throw fromErrorData(answer.error);
  return answer;
}

function unexpected(answer: Answer): Error {
  return new Error(`the daemon's side answered with ${answer.kind}`);
}

const path = { name: "path", kind: filled, doc: "The path; a relative one is below `/`." } as const;

const read = define({
  name: "solved:read",
  doc: "The contents of a file. It fails when there is none.",
  self: solvedHandle,
  params: [path],
  returns: { type: "string" },
  example: sample("read", 'expect(solved:read("/out/greeting")):contains("hello")'),
  run: (call, at) => {
    const answer = ask(call.session, { kind: "read", solved: call.self.number, path: at });
    if (answer.kind !== "read") throw unexpected(answer);
    return answer.data;
  },
});

const exists = define({
  name: "solved:exists",
  doc: "Whether there is something at a path.",
  self: solvedHandle,
  params: [path],
  returns: { type: "boolean" },
  example: sample("exists", 'expect(solved:exists("/out/nothing")):equals(false)'),
  run: (call, at) => statAt(call.session, call.self, at) !== undefined,
});

const statDoc =
  '`path` (its name), `type` (`"file"`, `"directory"`, `"symlink"`, `"other"`), `mode` (`"0755"`), `size`, `uid`, `gid`, `target` of a symlink';

const stat = define({
  name: "solved:stat",
  doc: `What is at a path, or nil: ${statDoc}.`,
  self: solvedHandle,
  params: [path],
  returns: { type: "table?" },
  example: sample("stat", 'expect(solved:stat("/out")):contains({type = "directory", mode = "0755", uid = 0})'),
  run: (call, at) => statAt(call.session, call.self, at) ?? null,
});

function statAt(session: TestSession, { number }: Solved, at: string): FileStat | undefined {
  const answer = ask(session, { kind: "stat", solved: number, path: at });
  if (answer.kind !== "stat") throw unexpected(answer);
  return answer.stat;
}

const listEntries = define({
  name: "solved:list",
  doc: "What is in a directory, by name: a list of what `solved:stat` gives.",
  self: solvedHandle,
  params: [{ ...path, doc: "The directory." }],
  returns: { type: "table[]" },
  example: sample("list", 'expect(solved:list("/out")):contains({path = "greeting", size = 6})'),
  run: (call, at) => {
    const answer = ask(call.session, { kind: "list", solved: call.self.number, path: at });
    if (answer.kind !== "list") throw unexpected(answer);
    return answer.entries;
  },
});

const runOptions = options(
  {
    cwd: { kind: filled, doc: "The working directory. Default: that of the image." },
    user: { kind: user, doc: "Who runs it. Default: the user of the image." },
    env: { kind: env, doc: "Variables, beside those of the image." },
    stdin: { kind: bytes, doc: "What it reads." },
  },
  { type: "SolvedRunOptions" },
);

const run = define({
  name: "solved:run",
  doc: "Runs a program in what was built and waits for it. Nothing that it changes is kept. Gives `code`, `stdout` and `stderr`; a code that is not 0 is no error.",
  self: solvedHandle,
  params: [
    {
      name: "cmd",
      kind: oneOf(filled, list(text, { min: 1 })),
      doc: "Text runs in the image's shell, a list runs as it is.",
    },
    { name: "opts", kind: optional(runOptions), doc: "How it runs." },
  ],
  returns: { type: "table" },
  example: sample("run", 'expect(solved:run("cat /out/greeting")):contains({code = 0, stdout = "hello\\n"})'),
  run: (call, cmd, given = {}) => {
    const { config } = call.self;
    const args = typeof cmd === "string" ? [...(config.shell ?? ["/bin/sh", "-c"]), cmd] : cmd;
    const request = {
      args,
      cwd: given.cwd ?? config.workdir,
      user: given.user ?? config.user,
      env: new Map([...(config.env ?? []), ...(given.env ?? [])]),
      stdin: given.stdin,
    };
    const answer = ask(call.session, { kind: "run", solved: call.self.number, request });
    if (answer.kind !== "run") throw unexpected(answer);
    return answer.outcome;
  },
});

const config = define({
  name: "solved.config",
  doc: "The config of the image that was built, that of its base included, with the names that `bk.export` takes.",
  self: solvedHandle,
  isField: true,
  params: [],
  returns: { type: "table<string, any>" },
  example: sample("config", 'expect(solved.config.cmd):equals({"sh"})'),
  run: ({ self }) => self.config,
});

export const solveFunctions: readonly TestFunction[] = [testSolve];
export const solvedMethods: readonly TestFunction[] = [read, exists, stat, listEntries, run, config];

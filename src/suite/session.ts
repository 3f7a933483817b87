import { Evaluation } from "../api/evaluation.ts";
import { placeOf } from "../api/place.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { LuaFunction } from "../lua/callback.ts";
import type { ScriptClock } from "../lua/limit.ts";
import type { CallPosition } from "../lua/position.ts";
import { defaultPlatform } from "./default-platform.ts";
import type { Answer, Question } from "./question.ts";
import type { ScriptRunner } from "./script-runner.ts";
import type { Snapshots } from "./snapshots.ts";

export type TestMode = "run" | "skip" | "only";

/** One test as a file declares it. */
export interface DeclaredTest {
  readonly path: readonly string[];
  readonly mode: TestMode;
  readonly body: LuaFunction;
  /** Of its groups, in the order in which they run. */
  readonly before: readonly (readonly LuaFunction[])[];
  readonly after: readonly (readonly LuaFunction[])[];
  readonly position: CallPosition | undefined;
}

/** The test that runs. */
export interface RunningTest {
  readonly name: string;
  /** How many unnamed snapshots it has asked for. */
  snapshots: number;
  /** Why it cannot be run here. */
  skipped?: string | undefined;
  /** A build of it is held by the daemon. */
  solves: boolean;
}

/** What the functions of tests need of their surroundings. */
export interface TestHost {
  readonly clock: () => ScriptClock;
  /** Whether Lua finds a pattern. */
  readonly find: (text: string, pattern: string) => boolean;
  readonly scripts: ScriptRunner;
  readonly snapshots: Snapshots;
  /** Asks the daemon and waits; undefined when the run has none. */
  readonly ask: ((question: Question) => Answer) | undefined;
  /** What the daemon builds for without emulation. */
  readonly daemonPlatform: string | undefined;
  readonly print: (line: string) => void;
}

interface Group {
  readonly name: string | undefined;
  readonly mode: TestMode;
  readonly before: LuaFunction[];
  readonly after: LuaFunction[];
}

/** A test file that is being read and run: the evaluation that its own `bk` calls belong to, and its tests. */
export class TestSession extends Evaluation {
  readonly host: TestHost;
  readonly tests: DeclaredTest[] = [];
  running: RunningTest | undefined;
  readonly #groups: Group[] = [{ name: undefined, mode: "run", before: [], after: [] }];

  constructor(host: TestHost, ignorePatterns: () => readonly string[]) {
    super({
      buildArguments: new Map(),
      targetPlatform: defaultPlatform,
      buildPlatform: defaultPlatform,
      ignorePatterns,
      log: host.print,
    });
    this.host = host;
  }

  override export(): never {
    throw new LuakitError("script.export", "a test file exports nothing", { hint: "write expect(state)" });
  }

  override declareTarget(): never {
    throw new LuakitError("script.export", "a test file has no targets", {
      hint: 'write test.script("build.lua", {target = "name"})',
    });
  }

  /** Runs `body`, whose tests are in a group. */
  group(name: string, mode: TestMode, body: LuaFunction): void {
    this.#refuseWithinTest("describe");
    this.#groups.push({ name, mode, before: [], after: [] });
    try {
      body.call([], []);
    } finally {
      this.#groups.pop();
    }
  }

  declare(name: string, mode: TestMode, body: LuaFunction, position: CallPosition | undefined): void {
    this.#refuseWithinTest("test");
    const groups = this.#groups;
    const path = [...groups.flatMap((group) => group.name ?? []), name];
    const same = this.tests.find((each) => each.path.join("\0") === path.join("\0"));
    if (same !== undefined) {
      throw new LuakitError(
        "script.argument",
        `there is a test "${path.join(" > ")}" already${placeOf(same.position)}`,
      );
    }
    this.tests.push({
      path,
      mode: strongest([...groups.map((group) => group.mode), mode]),
      body,
      // The lists may grow yet: a hook counts for all tests of its group.
      before: groups.map((group) => group.before),
      after: groups.map((group) => group.after).reverse(),
      position,
    });
  }

  hook(when: "before" | "after", body: LuaFunction): void {
    this.#refuseWithinTest(`${when}_each`);
    this.#groups.at(-1)?.[when].push(body);
  }

  /** The running test; what needs one is refused outside. */
  current(what: string): RunningTest {
    if (this.running !== undefined) return this.running;
    throw new LuakitError("script.argument", `${what} is for use within a test`, {
      hint: 'test("name", function() … end)',
    });
  }

  #refuseWithinTest(what: string): void {
    if (this.running === undefined) return;
    throw new LuakitError("script.argument", `${what} within a test: tests do not nest`);
  }
}

function strongest(modes: readonly TestMode[]): TestMode {
  if (modes.includes("skip")) return "skip";
  return modes.includes("only") ? "only" : "run";
}

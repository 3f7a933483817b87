import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileLua } from "../../src/lua/glue.ts";
import { FileRun } from "../../src/suite/file-run.ts";
import type { Report, SuiteSettings } from "../../src/suite/message.ts";
import type { Answer, Question } from "../../src/suite/question.ts";
import { runFile } from "../../src/suite/run-file.ts";
import type { FileResult } from "../../src/suite/suite-result.ts";

const module = await compileLua();

export interface RunOptions extends Partial<SuiteSettings> {
  readonly name?: string;
  /** What the daemon says; with it there is one. */
  readonly answer?: (question: Question) => Answer;
}

/** Runs a test file in this process. */
export function runTestFile(directory: string, text: string, options: RunOptions = {}): FileResult {
  const { name = "some_test.lua", answer, ...given } = options;
  const path = join(directory, name);
  writeFileSync(path, text);
  const settings: SuiteSettings = { root: directory, time: 5000, update: false, ci: false, list: false, ...given };
  const solve = answer === undefined ? {} : { solve: { platform: "linux/arm64" } };
  const run = new FileRun(name);
  let next: number | undefined = 0;
  const report = (said: Report) => {
    run.hear(said);
    if (said.kind === "halted") next = run.halt(said.error);
  };
  while (next !== undefined) {
    const from: number = next;
    next = undefined;
    runFile(
      { path, name, from, settings: { ...settings, ...solve } },
      {
        module,
        report,
        ask: (question) => {
          if (answer === undefined) throw new Error("there is no daemon");
          return answer(question);
        },
        lastWords: () => ({ bytes: new Uint8Array(), descriptor: 2, linger: 0 }),
      },
    );
  }
  return run.result;
}

/** The messages of the failures of a file, by test. */
export function failuresOf({ tests }: FileResult): Record<string, string[]> {
  return Object.fromEntries(
    tests.map(({ path, failures }) => [path.join(" > "), failures.map(({ message }) => message)]),
  );
}

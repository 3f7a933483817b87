import { join } from "node:path";
import type { Examined, Question } from "./examine.ts";

/** Processes that examine scripts, started again when a script ends one. */
export class ExaminePool implements AsyncDisposable {
  readonly #idle: Examiner[] = [];
  readonly #waiting: ((examiner: Examiner) => void)[] = [];

  constructor(size: number) {
    for (let left = size; left > 0; left--) this.#idle.push(new Examiner());
  }

  async examine(question: Question): Promise<Examined> {
    const examiner = this.#idle.pop() ?? (await new Promise<Examiner>((resolve) => this.#waiting.push(resolve)));
    try {
      return await examiner.examine(question);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(examiner);
      else next(examiner);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const examiner of this.#idle) examiner.stop();
  }
}

/** A script and all that is done with it must be over by then, in milliseconds. */
const patience = 600_000;
/** Scripts after which a process is started anew. */
const lifetime = 200;

class Examiner {
  #child: Bun.Subprocess | undefined;
  #answer: ((examined: Examined) => void) | undefined;
  #examined = 0;

  examine(question: Question): Promise<Examined> {
    if (this.#examined++ >= lifetime) this.stop();
    this.#child ??= this.#start();
    const child = this.#child;
    const failed = (problem: string): Examined => ({ outcome: "problem", ops: 0, problems: [problem], said: [] });
    return new Promise<Examined>((resolve) => {
      const timer = setTimeout(() => {
        this.stop();
        resolve(failed("it never ends"));
      }, patience);
      this.#answer = (examined) => {
        clearTimeout(timer);
        resolve(examined);
      };
      child.exited.then(async (code) => {
        if (this.#child !== child) return;
        this.stop();
        clearTimeout(timer);
        // The watchdog has ended a script that ran too long within C; luakit would have said so.
        if (code === 1) resolve({ outcome: "error", ops: 0, problems: [], error: "ended by the watchdog", said: [] });
        else resolve(failed(`the process ended with ${code}, signal ${child.signalCode}`));
      });
      child.send(question);
    });
  }

  #start(): Bun.Subprocess {
    return Bun.spawn([process.execPath, join(import.meta.dir, "examine-worker.ts")], {
      cwd: join(import.meta.dir, "../../.."),
      stdio: ["ignore", "ignore", "inherit"],
      ipc: (message) => this.#answer?.(message as Examined),
    });
  }

  stop(): void {
    const child = this.#child;
    this.#child = undefined;
    this.#examined = 0;
    child?.kill("SIGKILL");
  }
}

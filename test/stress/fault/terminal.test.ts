import { setDefaultTimeout, test } from "bun:test";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { inDirectory, luakit } from "../../support/build.ts";
import { openPseudoTerminal } from "../../support/pseudo-terminal.ts";
import type { Running } from "../../support/running.ts";
import { testbed } from "../../support/testbed.ts";
import { effort } from "../effort.ts";
import { type Work, works } from "./builds.ts";
import { type CaseEnd, runCases } from "./cases.ts";
import type { Random } from "./frame-faults.ts";
import { judge } from "./judge.ts";
import { openModels, pick, showing } from "./models.ts";
import { runWork } from "./run-work.ts";

setDefaultTimeout(Math.max(180_000, effort(0, 3_600_000)));

const { addr } = testbed();
const modelOf = openModels(addr);
/** Milliseconds that a build may take. */
const patience = effort(60_000, 600_000);
const modes = ["plain", "tty", "rawjson", "quiet"];
const builds = works.filter(({ script }) => script !== undefined);

const limited = (running: Running) =>
  Promise.race([running.ended, Bun.sleep(patience).then(() => running.signal("SIGKILL"))]);

function watchEnd(running: Running): () => boolean {
  let isOver = false;
  running.ended.then(() => {
    isOver = true;
  });
  return () => isOver;
}

test("a terminal that is read slowly, or not for a while", async () => {
  await runCases("slow terminal", effort(1, 200), async (random) => {
    const mode = pick(modes, random);
    const { work, outcome } = await modelOf(pick(builds, random));
    using terminal = openPseudoTerminal();
    let text = "";
    const read = async (running: Running) => {
      const isOver = watchEnd(running);
      const size = random(2) === 0 ? 1 : 1 + random(200);
      let stall = random(1500);
      let single = 300;
      while (!isOver()) {
        if (random(20) === 0 && stall > 0) {
          await Bun.sleep(stall);
          stall = random(stall + 1) - 50;
        }
        text += terminal.read(single-- > 0 ? size : undefined);
        await Bun.sleep(single > 0 ? 1 : 5);
      }
      text += terminal.read();
    };
    const meanwhile = (running: Running) => Promise.race([limited(running), read(running)]);
    const env = { TERM: "xterm" };
    const settings = { addr, random, env, stderr: terminal.descriptor, written: () => text, meanwhile };
    const end = await runWork(showing(work, mode), settings);
    return {
      struck: true,
      wrong: judge(work, end, { statuses: [0], outcome }),
      kind: mode,
      text: `${work.name} ${mode}: ${text.slice(-800)}`,
    };
  });
});

/** What becomes of stderr or stdout; `statuses` are those that a build may end with. */
interface Loss {
  readonly name: string;
  readonly isTerminal?: true;
  readonly statuses: readonly number[];
  run(work: Work, random: Random, milliseconds: number): Promise<Awaited<ReturnType<typeof runWork>>>;
}

/** A pipe whose reader the test closes. */
async function withPipe<T>(use: (writer: number, close: () => void) => Promise<T>): Promise<T> {
  return inDirectory(async (directory) => {
    Bun.spawnSync(["mkfifo", `${directory}/pipe`]);
    const reader = openSync(`${directory}/pipe`, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(`${directory}/pipe`, "w");
    let isOpen = true;
    const close = () => {
      if (isOpen) closeSync(reader);
      isOpen = false;
    };
    const timer = setInterval(() => isOpen && drain(reader), 5);
    try {
      return await use(writer, close);
    } finally {
      clearInterval(timer);
      close();
    }
  });
}

function drain(descriptor: number): void {
  try {
    readSync(descriptor, new Uint8Array(65_536));
  } catch {
    // EAGAIN: nothing there.
  }
}

const losses: readonly Loss[] = [
  {
    name: "stderr closed",
    statuses: [0],
    run: (work, random) =>
      runWork(work, { addr, random, program: ["sh", "-c", 'exec "$0" "$@" 2>&-', luakit], meanwhile: limited }),
  },
  {
    name: "stdin, stdout and stderr closed",
    statuses: [0],
    run: (work, random) =>
      runWork(work, { addr, random, program: ["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', luakit], meanwhile: limited }),
  },
  {
    name: "a pipe of stderr that nobody reads any more",
    statuses: [0],
    run: (work, random, milliseconds) =>
      withPipe((writer, close) => {
        const meanwhile = async (running: Running) => {
          closeSync(writer);
          await Bun.sleep(random(milliseconds));
          close();
          await limited(running);
        };
        return runWork(work, { addr, random, stderr: writer, written: () => "", meanwhile });
      }),
  },
  {
    name: "a terminal that goes away",
    isTerminal: true,
    // Its end is a hangup, which interrupts the build, and ends a process that has hardly begun.
    // What it was asked to show there is refused if it had gone before.
    statuses: [0, 2, 129, 130],
    run: async (work, random, milliseconds) => {
      const terminal = new Bun.Terminal({ cols: 80, rows: 24, data() {} });
      const meanwhile = async (running: Running) => {
        await Bun.sleep(random(milliseconds));
        terminal.close();
        await limited(running);
      };
      const program = ["setsid", "--ctty", luakit];
      try {
        return await runWork(work, { addr, random, program, terminal, env: { TERM: "xterm" }, meanwhile });
      } finally {
        terminal.close();
      }
    },
  },
  {
    name: "a terminal of others that goes away",
    isTerminal: true,
    statuses: [0, 2],
    run: async (work, random, milliseconds) => {
      const terminal = openPseudoTerminal();
      const meanwhile = async (running: Running) => {
        const isOver = watchEnd(running);
        for (const end = Date.now() + random(milliseconds); Date.now() < end && !isOver(); await Bun.sleep(5))
          terminal.read();
        terminal[Symbol.dispose]();
        await limited(running);
      };
      const settings = {
        addr,
        random,
        env: { TERM: "xterm" },
        stderr: terminal.descriptor,
        written: () => "",
        meanwhile,
      };
      return runWork(work, settings);
    },
  },
];

test("a terminal or a pipe that goes away", async () => {
  await runCases("terminal gone", effort(2, 200), async (random): Promise<CaseEnd> => {
    const loss = pick(losses, random);
    // An archive on stdout is what is lost there.
    const { work, outcome, milliseconds } = await modelOf(
      pick(
        builds.filter(({ name }) => name !== "stdout"),
        random,
      ),
    );
    const possible = loss.isTerminal === true ? modes : modes.filter((each) => each !== "tty");
    const mode = pick(possible, random);
    const end = await loss.run(showing(work, mode), random, Math.ceil(milliseconds));
    const wrong = judge(work, end, { statuses: loss.statuses, outcome, silent: true });
    return {
      struck: true,
      wrong: wrong.map((each) => `${loss.name}, ${mode}: ${each}`),
      kind: `exit ${end.exitCode}`,
      text: end.stderr.slice(-800),
    };
  });
});

test("a reader of stdout who has seen enough", async () => {
  const readers: readonly Work[] = [
    ...works.filter(({ hasOutput }) => hasOutput === true),
    { name: "dag", script: builds[0]?.script ?? "", command: ["dag", "--format=svg"], outputs: [] },
    { name: "emit", script: builds[0]?.script ?? "", command: ["build", "--no-resolve"], outputs: [] },
    { name: "help", command: ["build", "--help"], outputs: [] },
    { name: "types", command: ["types"], outputs: [] },
  ];
  await runCases("stdout closed early", effort(2, 200), async (random) => {
    const work = pick(readers, random);
    const program = [
      "sh",
      "-c",
      `"$0" "$@" | head -c ${random(3) === 0 ? 0 : random(20_000)} >/dev/null; exit \${PIPESTATUS[0]}`,
      luakit,
    ];
    const bash = ["bash", ...program.slice(1)];
    const needsDaemon =
      ["build", "workers"].includes(work.command[0] ?? "") && work.name !== "emit" && work.name !== "help";
    const end = await runWork(work, {
      addr,
      random,
      program: bash,
      meanwhile: limited,
      ...(!needsDaemon && { daemon: [] }),
    });
    return {
      struck: true,
      wrong: judge(work, end, { statuses: [0, 1], outcome: end.outcome }),
      kind: `exit ${end.exitCode}`,
      text: end.stderr.slice(-800),
    };
  });
});

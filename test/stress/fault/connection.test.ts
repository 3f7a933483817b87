import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import { effort } from "../effort.ts";
import { works } from "./builds.ts";
import { corrupt, cutBehind, delays, trickle } from "./byte-faults.ts";
import { type CaseEnd, runCases } from "./cases.ts";
import { joinedFrames, type Random, tinyFrames, windows } from "./frame-faults.ts";
import { cutBehindFrame, hostileFrames } from "./hostile-frames.ts";
import { judge, type Wanted } from "./judge.ts";
import { ends, type Fault, openFaultProxy, type Passed } from "./line.ts";
import { openModels, pick } from "./models.ts";
import { noise } from "./noise.ts";
import { runWork } from "./run-work.ts";

/** Milliseconds that a build may take on a line that is slow, and may live on when its line is cut. */
const patience = { slow: effort(60_000, 600_000), cut: effort(10_000, 30_000) };
/** Milliseconds after which a line whose parties wait for each other is cut: bytes that were changed may say so. */
const silence = 6000;

setDefaultTimeout(Math.max(60_000, effort(0, 3_600_000)));

const daemon = await startOwnBuildkitd();
afterAll(() => daemon.stop());

const modelOf = openModels(daemon.addr);

type MakeFault = (random: Random, passed: Passed, struck: () => void) => Fault;

/** One build behind a fault. */
async function runBehind(
  random: Random,
  make: MakeFault,
  wanted: Omit<Wanted, "outcome"> & { readonly changes?: true },
): Promise<CaseEnd> {
  const { work, outcome, passed } = await modelOf(pick(works, random));
  let struckAt: number | undefined;
  const struck = () => {
    struckAt ??= Date.now();
  };
  const fault = make(random, passed, struck);
  using proxy = await openFaultProxy(daemon.addr, fault, random(2) === 0);
  const start = Date.now();
  let isOver = false;
  let waited = false;
  const watch = async () => {
    while (!isOver) {
      const since = wanted.changes === true && struckAt !== undefined ? struckAt + silence : start + patience.slow;
      if (Date.now() > since) {
        waited = true;
        proxy.cutAll();
        return;
      }
      await Bun.sleep(20);
    }
  };
  const watching = watch();
  const meanwhile = async (running: { readonly ended: Promise<unknown>; signal(name: NodeJS.Signals): void }) => {
    const limit = Bun.sleep(patience.slow + patience.cut).then(() => running.signal("SIGKILL"));
    await Promise.race([running.ended, limit]);
  };
  const end = await runWork(work, { addr: proxy.addr, random, meanwhile });
  isOver = true;
  await watching;
  const at = proxy.struckAt() ?? struckAt;
  const wrong = [...judge(work, end, { ...wanted, outcome: wanted.changes === true ? undefined : outcome })];
  const late = Date.now() - (at ?? Date.now());
  if (waited && wanted.changes !== true) wrong.push(`it has not ended within ${patience.slow / 1000} s`);
  if (!waited && wanted.changes !== true && at !== undefined && late > patience.cut)
    wrong.push(`it ends ${late} ms behind the cut`);
  if (waited && end.exitCode > 128) wrong.push("it lives on without a connection");
  const kind = waited ? "waiting" : `exit ${end.exitCode}`;
  return {
    struck: at !== undefined || wanted.statuses.length === 1,
    wrong,
    kind,
    text: `${proxy.history.join(", ")}\n${work.name}: ${end.stderr.slice(-1500)}`,
  };
}

const harmless: readonly (readonly [string, (random: Random) => Fault])[] = [
  ["delays", delays],
  ["trickle", trickle],
  ["tiny frames", tinyFrames],
  ["joined frames", joinedFrames],
  ["window updates", windows],
  ["noise", noise],
];

describe("a line that is bad, and right, changes nothing", () => {
  test.each(harmless)("%s", async (kind, make) => {
    await runCases(kind, effort(1, 200), (random) => runBehind(random, make, { statuses: [0] }));
  });
});

/** Few bytes and many are as likely. */
function offset(random: Random, length: number): number {
  return random(3) === 0 ? random(Math.min(length, 3000)) : random(Math.max(1, length));
}

describe("a line that breaks ends the build, with all or nothing", () => {
  const statuses = [0, 125];

  test("at any byte", async () => {
    await runCases("cut", effort(2, 200), (random) => {
      const direction = random(2) === 0 ? "up" : "down";
      return runBehind(
        random,
        (_, passed) => cutBehind(direction, offset(random, passed[direction]), pick(ends, random)),
        { statuses },
      );
    });
  });

  test("between two frames", async () => {
    await runCases("cut between frames", effort(1, 200), (random) => {
      const direction = random(2) === 0 ? "up" : "down";
      return runBehind(
        random,
        () => cutBehindFrame(direction, random(random(2) === 0 ? 12 : 120), pick(ends, random)),
        { statuses },
      );
    });
  });
});

describe("a line that lies crashes nothing", () => {
  const wanted = { statuses: [0, 1, 125], changes: true } as const;

  test("with other bytes", async () => {
    await runCases("corrupt", effort(1, 200), (random) => {
      const direction = random(3) === 0 ? "up" : "down";
      return runBehind(
        random,
        (_, passed, struck) => watched(corrupt(random, direction, offset(random, passed[direction])), struck),
        wanted,
      );
    });
  });

  test("with frames that are wrong", async () => {
    await runCases("hostile frames", effort(2, 200), (random) =>
      runBehind(random, (_, __, struck) => hostileFrames(random, random(random(2) === 0 ? 12 : 80), struck), wanted),
    );
  });
});

/** Silence counts from the start of the line. */
function watched(fault: Fault, struck: () => void): Fault {
  return (line) => {
    struck();
    return fault(line);
  };
}

test("the proxy itself changes nothing", async () => {
  const { work, outcome } = await modelOf(pick(works, () => 0));
  expect([work.name, outcome]).toEqual([works[0]?.name ?? "", expect.stringMatching(/^x\.tar: \d{7} bytes /)]);
});

import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type OwnBuildkitd, startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, tell } from "../effort.ts";
import { Choice } from "./choice.ts";
import { classify } from "./daemon-answers.ts";
import { describeFailures, inLanes } from "./lanes.ts";
import { Workshop } from "./solve-script.ts";
import { validScript } from "./valid-script.ts";

setDefaultTimeout(24 * 3_600_000);

const workshop = new Workshop();
afterAll(() => workshop[Symbol.dispose]());

const entitlements = ["network.host", "security.insecure"];
/** One in so many is built by buildctl too, from what luakit emits, and one in so many has up to 200 calls. */
const emitted = 3;
const large = 10;

const daemons = [
  { version: "newest", builds: effort(3, 400), buildctl: () => testbed().buildctl, isOld: false },
  { version: "v0.12", builds: effort(0, 80), buildctl: () => testbed().v012?.buildctl ?? "", isOld: true },
];

test.each(daemons.filter(({ builds }) => builds > 0))(
  "a daemon, $version, understands every Definition and survives it",
  async ({ version, builds, buildctl, isOld }) => {
    const program = join(dirname(buildctl()), "buildkitd");
    if (!existsSync(program)) throw new Error(`there is no ${program}`);
    await using daemon = await startOwnBuildkitd({ program, entitlements });
    const answers: Record<string, number> = {};
    const failures = await inLanes(2, builds, async (index) => {
      const script = validScript(new Choice("daemon", index), {
        calls: index % large === large - 1 ? 200 : 20,
        odd: 3,
        remote: 4,
      });
      const place = workshop.write(`${version}-${index}`, script);
      const results = [await workshop.solve(place, daemon.addr)];
      const other = index % emitted === 0 ? await workshop.emitAndSolve(place, daemon.addr, buildctl()) : undefined;
      if (other !== undefined) results.push(other);
      const problems: string[] = [];
      for (const { exitCode, text } of results) {
        const { answer, why } = classify(exitCode, text, isOld);
        const name = answer === "honest" ? why : answer;
        answers[name] = (answers[name] ?? 0) + 1;
        if (answer === "finding") problems.push(`exit ${exitCode}: ${why}`);
      }
      return problems.length === 0 ? undefined : { kind: "daemon", index, problems, script };
    });
    tell(`script: daemon ${version}`, { scripts: builds, ...answers, failures: failures.length });
    expect(describeFailures(failures)).toBe("");
    expect(answers.built ?? 0).toBeGreaterThan(builds / 4);
    expect(await isAlive(daemon)).toBe(true);
  },
);

async function isAlive(daemon: OwnBuildkitd): Promise<boolean> {
  const log = readFileSync(join(daemon.directory, "log"), "utf8");
  if (/^panic:|runtime error|SIGSEGV/m.test(log)) throw new Error(log.slice(-5000));
  const child = Bun.spawn([testbed().buildctl, "--addr", daemon.addr, "debug", "workers"], { stdout: "ignore" });
  return (await child.exited) === 0;
}

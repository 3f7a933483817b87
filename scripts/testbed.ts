import { isRunning, listBackground, logFile } from "./testbed/background.ts";
import { down } from "./testbed/down.ts";
import { locked } from "./testbed/lock.ts";
import { findPlace, type Place } from "./testbed/place.ts";
import { say } from "./testbed/progress.ts";
import { readRecord } from "./testbed/record.ts";
import { TestbedUnavailable, unavailableStatus } from "./testbed/unavailable.ts";
import { type Extra, extras, requireMachine, up } from "./testbed/up.ts";

const usage = `usage: bun scripts/testbed.ts COMMAND

  up [--with EXTRA,...]
          bring everything up (what is up already stays as it is); extras: v0.12 (the oldest buildkitd), v0.21
          (one in the middle), docker (Debian's Docker Engine), moby (the newest Docker Engine), buildx (the
          plugin's executable)
  down    end every process and remove all state; built tools and images stay cached
  status  say what runs
  env     print what tests need to know, as JSON

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not possible on this machine.
`;

async function main(argv: readonly string[]): Promise<number> {
  const place = findPlace();
  const [command = "", ...rest] = argv;
  if (command === "up") return bringUp(place, rest);
  if (rest.length > 0) return refuse(`unexpected ${rest.join(" ")}`);
  if (command === "down") return takeDown(place);
  if (command === "status") return status(place);
  if (command === "env") return env(place);
  return refuse(command === "" ? "no command" : `unknown command ${command}`);
}

async function bringUp(place: Place, args: readonly string[]): Promise<number> {
  const [flag = "--with", names = "", ...more] = args.flatMap((arg) => arg.split("="));
  const wanted = names.split(",").filter((name) => name !== "");
  if (flag !== "--with" || more.length > 0) return refuse(`unexpected ${args.join(" ")}`);
  const unknown = wanted.filter((name) => !isExtra(name));
  if (unknown.length > 0) return refuse(`unknown extra ${unknown.join(", ")}`);
  requireMachine();
  const start = performance.now();
  await locked(place.state, () => up(place, wanted.filter(isExtra)));
  say(`up after ${((performance.now() - start) / 1000).toFixed(1)} s; \`bun scripts/testbed.ts env\` describes it`);
  return 0;
}

function isExtra(name: string): name is Extra {
  return name in extras;
}

async function takeDown(place: Place): Promise<number> {
  await locked(place.state, () => down(place));
  say("down");
  return 0;
}

function status(place: Place): number {
  const names = listBackground(place);
  for (const name of names) {
    const state = isRunning(place, name) ? "runs" : "ended";
    process.stdout.write(`${name.padEnd(16)} ${state.padEnd(6)} ${logFile(place, name)}\n`);
  }
  process.stdout.write(`state ${place.state}\ncache ${place.cache}\n`);
  return names.length > 0 && names.every((name) => isRunning(place, name)) ? 0 : 1;
}

function env(place: Place): number {
  const record = readRecord(place);
  if (record === undefined) throw new Error("the testbed is not up: run `bun scripts/testbed.ts up`");
  process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
  return 0;
}

function refuse(what: string): number {
  process.stderr.write(`testbed: ${what}\n\n${usage}`);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof TestbedUnavailable ? unavailableStatus : 1;
}

import { runDaemonSuite, type SuiteDaemon, type SuiteRole } from "./daemon-suite.ts";
import { say } from "./say.ts";

const daemons: readonly SuiteDaemon[] = ["newest", "v0.21", "v0.12", "docker", "moby"];
const words = process.argv.slice(2);
const role: SuiteRole = words[0] === "--gateway" ? "gateway" : "solve";
const wanted = words.filter((word) => word !== "--gateway").map((name) => daemons.find((daemon) => daemon === name));
if (wanted.length === 0 || wanted.includes(undefined)) {
  process.stderr.write(`usage: bun scripts/test-daemon.ts [--gateway] ${daemons.join("|")} ...\n`);
  process.exit(2);
}
for (const daemon of wanted) {
  if (daemon === undefined) continue;
  const { passed, lacking, skipped, surprises } = await runDaemonSuite({ daemon, role });
  for (const { name, what } of surprises) say(`${name}: ${what}`);
  say(
    `${daemon}: ${passed} passed, ${lacking} fail as expected, ${skipped} skipped, ${surprises.length} not as expected`,
  );
  if (surprises.length > 0) process.exitCode = 1;
}

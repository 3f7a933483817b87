import { runCommand } from "./cli/commands.ts";
import { report } from "./cli/report.ts";
import { openTerminal } from "./cli/terminal.ts";
import { isFrontend } from "./frontend/environment.ts";

/** Milliseconds of computing after which a run is no short one any more: from then on code is compiled as early as usual. */
const short = 100;

async function main(): Promise<number> {
  compileLater(short);
  const words = process.argv.slice(2);
  const [command = "gateway", ...rest] = words;
  if (command === "gateway" && rest.length === 0 && isFrontend(process.env)) {
    const { serveFrontend } = await import("./frontend/serve.ts");
    return serveFrontend(process.env);
  }
  const terminal = openTerminal(process.cwd(), process.env);
  try {
    return await runCommand(words, terminal);
  } catch (error) {
    return report(error, terminal);
  }
}

/** Looks again after some milliseconds; most of a build is waiting for the daemon, and does not count. */
function compileLater(milliseconds: number): void {
  const look = () => {
    const { user, system } = process.cpuUsage();
    const left = Math.ceil(short - (user + system) / 1000);
    if (left > 0) compileLater(left);
    else Bun.unsafe.setJITPolicy(1);
  };
  setTimeout(look, milliseconds).unref();
}

main().then((status) => process.exit(status));

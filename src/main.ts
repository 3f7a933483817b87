import { runCommand } from "./cli/commands.ts";
import { report } from "./cli/report.ts";
import { openTerminal } from "./cli/terminal.ts";
import { isFrontend } from "./frontend/environment.ts";

/** Milliseconds after which a run is no short one any more: from then on code is compiled as early as usual. */
const short = 100;

async function main(): Promise<number> {
  setTimeout(() => Bun.unsafe.setJITPolicy(1), short).unref();
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

main().then((status) => process.exit(status));

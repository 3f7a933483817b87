import { runCommand } from "./cli/commands.ts";
import { report } from "./cli/report.ts";
import { openTerminal } from "./cli/terminal.ts";

async function main(): Promise<number> {
  const terminal = openTerminal(process.cwd(), process.env);
  try {
    return await runCommand(process.argv.slice(2), terminal);
  } catch (error) {
    return report(error, terminal);
  }
}

main().then((status) => process.exit(status));

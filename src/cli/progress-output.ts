import { DescriptorOutput } from "../progress/descriptor-output.ts";
import type { ProgressOutput } from "../progress/output.ts";
import type { Terminal } from "./terminal.ts";
import { openTerminalSize } from "./terminal-size.ts";

/** Progress on stderr. */
export function openProgressOutput({ errorIsTerminal, variables }: Terminal): ProgressOutput {
  const isTerminal = errorIsTerminal();
  const ask = isTerminal ? openTerminalSize(2) : () => undefined;
  const { COLUMNS, LINES, TERM } = variables;
  const look = {
    isTerminal,
    color: isTerminal && TERM !== "dumb",
    size: () => ask() ?? { columns: Number(COLUMNS) || 80, rows: Number(LINES) || 24 },
  };
  // Nobody can be told that stderr takes nothing, and it is no reason to lose the build.
  return new DescriptorOutput(2, look, () => undefined);
}

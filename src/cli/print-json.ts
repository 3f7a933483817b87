import { escapeJsonControls } from "../graph/escape.ts";
import { withoutJsonCommands } from "../progress/harmless.ts";

/** A value as JSON for people and programs, with a newline: what drives a terminal stands in it as `\\uXXXX`. */
export function printJson(value: unknown): string {
  return `${withoutJsonCommands(escapeJsonControls(JSON.stringify(value, null, 2)))}\n`;
}

import { hasColorsOnOut, type Terminal } from "./terminal.ts";

/** Prints a unified diff, as `patch` takes it, of a script and what formatting makes of it. */
export async function printDifference(file: string, before: string, after: string, terminal: Terminal): Promise<void> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  const options = { headerOptions: FILE_HEADERS_ONLY, context: 3 };
  const patch = createTwoFilesPatch(file, file, before, after, undefined, undefined, options);
  terminal.out(hasColorsOnOut(terminal) ? patch.split("\n").map(color).join("\n") : patch);
}

function color(line: string): string {
  const code = line.startsWith("+") ? 32 : line.startsWith("-") ? 31 : line.startsWith("@@") ? 36 : undefined;
  return code === undefined ? line : `\u001b[${code}m${line}\u001b[0m`;
}

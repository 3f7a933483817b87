import { writeSync } from "node:fs";
import { markFile } from "../../watch/file-mark.ts";

/** Tells the process that watches, if there is one, of a file that is about to be looked for. */
export function reportFile(path: string, variables: Readonly<Record<string, string | undefined>>): void {
  const descriptor = Number(variables.LUAKIT_WATCHED ?? "");
  if (descriptor < 3) return;
  try {
    writeSync(descriptor, `${JSON.stringify([path, markFile(path)])}\n`);
  } catch {
    // Whoever watched has gone.
  }
}

/** Reads what `reportFile` wrote. */
export function parseReport(line: string): readonly [path: string, mark: string] | undefined {
  const parsed: unknown = JSON.parse(line);
  const [path, mark]: readonly unknown[] = Array.isArray(parsed) ? parsed : [];
  return typeof path === "string" && typeof mark === "string" ? [path, mark] : undefined;
}

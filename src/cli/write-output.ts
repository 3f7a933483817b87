import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { cannotWrite } from "../diagnostic/system-error.ts";
import type { Terminal } from "./terminal.ts";

/** Whether the value of a flag that names an output means stdout: it is `-`, or the flag is not given. */
export function isStdout(file: string | undefined): file is "-" | undefined {
  return file === undefined || file === "-";
}

/** Writes to stdout or to a file, which with `wx` must not be there yet. Throws "file.write". */
export function writeOutput(
  file: string | undefined,
  data: string | Uint8Array,
  { cwd, out }: Terminal,
  flag: "w" | "wx" = "w",
): void {
  if (isStdout(file)) {
    out(data);
    return;
  }
  try {
    writeFileSync(resolve(cwd, file), data, { flag });
  } catch (error) {
    throw cannotWrite(`"${file}"`, error);
  }
}

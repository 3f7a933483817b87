import { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError } from "../diagnostic/system-error.ts";

const shownLines = 15;

/** How a private daemon failed: `reason` is why it does not answer, absent when it has ended with `status`. */
export interface PrivateEnd {
  readonly reason: string | undefined;
  readonly status: number | undefined;
}

/** The error of a private daemon of which nothing is to be had; `said` is its log, kept in the file `log`. */
export function privateFailure({ reason, status }: PrivateEnd, said: string, log: string): LuakitError {
  const what = reason === undefined ? "did not start" : `does not answer (${reason})`;
  const lines = said.split("\n").filter((line) => line !== "" && !isFrame(line));
  if (lines.length === 0) {
    const how = status === undefined ? "" : `: it ends with exit code ${status}`;
    return new LuakitError("daemon.unreachable", `the private buildkitd ${what}${how}, and says nothing`);
  }
  const shown = lines.slice(-shownLines).map((line) => `\n  ${line}`);
  return new LuakitError("daemon.unreachable", `the private buildkitd ${what}:${shown.join("")}`, {
    hint: `its whole log is ${log}`,
  });
}

/** Does something in the directory of the private daemon. Throws "daemon.unreachable" that names it when that cannot be. */
export function inPrivateDirectory<T>(directory: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const reason = describeSystemError(cause);
    // Where several places were tried only messages are told, so there is no hint.
    const what = `the private buildkitd cannot use its directory ${directory}, which XDG_DATA_HOME moves: ${reason}`;
    throw new LuakitError("daemon.unreachable", what, { cause });
  }
}

/** A line of the Go stacks that hide what buildkitd says: a function's name, or its file after a tab. */
function isFrame(line: string): boolean {
  return line.startsWith("\t") || /^[\w./-]+\.[\w.()*/[\]-]+$/.test(line);
}

import { delimiter, isAbsolute } from "node:path";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Where a program is on PATH; undefined when it is nowhere. Without variables it is this process's PATH. Relative
 * entries count for nothing: `.` would have whatever lies in the working directory run.
 */
export function findProgram(name: string, variables: Variables | undefined): string | undefined {
  const { PATH = "" } = variables ?? Bun.env;
  const entries = PATH.split(delimiter).filter((entry) => isAbsolute(entry));
  if (name.includes("/") || name.includes("\\")) return isAbsolute(name) ? name : undefined;
  try {
    return Bun.which(name, { PATH: entries.join(delimiter) }) ?? undefined;
  } catch {
    return undefined; // A name that is longer than a path can be.
  }
}

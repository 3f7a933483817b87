import { chownSync } from "node:fs";

const nobody = 65534;

/** Does something without root's rights; `directories` are given away first, so that they can be reached. */
export async function asNobody<T>(directories: readonly string[], work: () => T | Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  for (const directory of directories) chownSync(directory, nobody, nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

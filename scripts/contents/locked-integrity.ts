import { readFileSync } from "node:fs";

/** The checksum that a bun.lock has for a package: `sha512-…`. */
export function lockedIntegrity(lock: string, name: string): string {
  const line = readFileSync(lock, "utf8")
    .split("\n")
    .find((each) => each.includes(`"${name}": ["`));
  const found = /"(sha512-[^"]+)"/.exec(line ?? "")?.[1];
  if (found === undefined) throw new Error(`${lock} does not say what ${name} is`);
  return found;
}

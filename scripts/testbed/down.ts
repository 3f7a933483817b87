import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { listBackground, stopBackground, stopMarked } from "./background.ts";
import { capture } from "./command.ts";
import { removeBridges } from "./docker-engine.ts";
import type { Place } from "./place.ts";
import { removeCgroups, stopSteps } from "./step-cgroup.ts";

/** Ends every process of the testbed, unmounts what they left and removes its state; the cache stays. */
export async function down(place: Place): Promise<void> {
  stopSteps(place);
  await Promise.all(listBackground(place).map((name) => stopBackground(place, name)));
  await stopMarked(place);
  stopSteps(place);
  for (const mount of listMounts(place.state)) await capture(["umount", "--lazy", mount]);
  removeCgroups(place);
  await removeBridges(place);
  rmSync(place.state, { recursive: true, force: true });
}

/** Mount points below `directory`, innermost first. */
function listMounts(directory: string): string[] {
  const points = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => unescapePath(line.split(" ")[4] ?? ""));
  return points.filter((point) => point.startsWith(join(directory, "/"))).reverse();
}

/** The kernel writes blanks and backslashes of a path as octal escapes. */
function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

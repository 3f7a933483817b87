import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Definition, DefinitionOp } from "./definition.ts";
import { invalid } from "./invalid.ts";
import { callersOf, positionOf } from "./location.ts";

/** The largest message that a daemon takes, in bytes. */
export const messageLimit = 16 * 1024 * 1024;

/** An op above this holds data; the others are many. */
const largeOp = 64 * 1024;

/** Throws when a Definition that encodes to `size` bytes is more than a daemon takes: at its largest op, if data is why. */
export function checkSize(size: number, { ops }: Definition): void {
  if (size <= messageLimit) return;
  const large = ops.filter((op) => sizeOf(op) > largeOp);
  const data = large.reduce((sum, op) => sum + sizeOf(op), 0);
  const message = `the Definition is ${megabytes(size)} MiB, and a daemon takes no message above 16 MiB`;
  if (data < size / 2) throw invalid(message, "split the build, or make fewer and larger steps");
  const advice = "read large files with bk.local_ and copy, not with mkfile";
  const what = large.length === 1 ? "one op alone has" : `${large.length} ops have`;
  throw atLargest(invalid(message, `${what} ${megabytes(data)} MiB: ${advice}`), large);
}

/** Throws for a Definition that is so large that it is not even finished. */
export function refuseSize(size: number): never {
  throw invalid(
    `the Definition is above ${megabytes(size)} MiB, and a daemon takes no message above 16 MiB`,
    "split the build, or make fewer and smaller steps",
  );
}

function atLargest(error: LuakitError, ops: readonly DefinitionOp[]): LuakitError {
  const [first, ...rest] = ops;
  const largest = rest.reduce((left, right) => (left && sizeOf(left) >= sizeOf(right) ? left : right), first);
  const place = largest?.locations[0];
  return place === undefined ? error : error.at(positionOf(place), callersOf(place));
}

function sizeOf({ start, end }: DefinitionOp): number {
  return end - start;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

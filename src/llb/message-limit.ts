import type { Definition } from "./definition.ts";
import { invalid } from "./invalid.ts";

/** The largest message that a daemon takes, in bytes. */
export const messageLimit = 16 * 1024 * 1024;

/** Throws when a Definition that encodes to `size` bytes is more than a daemon takes. */
export function checkSize(size: number, { ops }: Definition): void {
  if (size <= messageLimit) return;
  const largest = ops.reduce((left, right) => (right.end - right.start > left.end - left.start ? right : left));
  const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
  const inline = largest.end - largest.start > messageLimit / 4;
  throw invalid(
    `the Definition is ${megabytes(size)} MiB, and a daemon takes no message above 16 MiB`,
    inline
      ? `one op alone has ${megabytes(largest.end - largest.start)} MiB: read large files with bk.local_ and copy, not with mkfile`
      : "split the build, or make fewer and larger steps",
  );
}

import type { Work } from "./builds.ts";
import type { WorkEnd } from "./run-work.ts";

export interface Wanted {
  /** Exit statuses that are documented for what happened. */
  readonly statuses: readonly number[];
  /** What it gives without a fault; undefined where bytes that were changed may be contents. */
  readonly outcome: string | undefined;
  /** Bytes of resident memory. */
  readonly memory?: number;
  /** Nobody can read what it says. */
  readonly silent?: boolean;
}

/** Words that no user may ever read. */
const internal =
  /has a bug|undefined|\bNaN\b|\[object |TypeError|RangeError: |\n\s+at .*\(|panic|Segmentation|null is not/;

/** Blobs of a local cache that came in whole may stay: another build may have found them there by now. */
const wholeBlob = /^cache(\/blobs(\/sha256(\/[0-9a-f]{64})?)?)?$/;

/** What is wrong with an end; nothing when all promises were kept. */
export function judge(work: Work, end: WorkEnd, wanted: Wanted): readonly string[] {
  const { exitCode, stderr } = end;
  const wrong: string[] = [];
  if (!wanted.statuses.includes(exitCode)) wrong.push(`exit status ${exitCode}`);
  const found = internal.exec(stderr)?.[0];
  if (found !== undefined) wrong.push(`it writes ${JSON.stringify(found)}`);
  if (end.memory > (wanted.memory ?? 300e6)) wrong.push(`${Math.round(end.memory / 1e6)} MB of memory`);
  if (end.temporary.length > 0) wrong.push(`temporary files ${end.temporary.join(", ")}`);
  if (end.children.length > 0) wrong.push(`processes ${end.children.join(", ")}`);
  if (exitCode === 0) {
    const right = end.expected ?? wanted.outcome;
    if (wanted.outcome !== undefined && end.outcome !== right) {
      wrong.push(`another outcome:\n${end.outcome.slice(0, 300)}\ninstead of\n${right?.slice(0, 300)}`);
    }
    return wrong;
  }
  const left = end.left.filter((name) => !wholeBlob.test(name));
  if (left.length > 0) wrong.push(`left behind: ${left.join(", ")}`);
  if (wanted.silent !== true && !/^error: .*|^[^ ]+:\d+: /m.test(stderr)) wrong.push("no error is told");
  if ((stderr.match(/^error: /gm) ?? []).length > 1) wrong.push("more than one error is told");
  return wrong.map((each) => `${work.name}: ${each}`);
}

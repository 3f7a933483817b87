import type { ByteStream } from "../h2/byte-stream.ts";
import { unreachable } from "./unreachable.ts";

export interface Deadline {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for a connection to `place`, but no longer than the deadline says; one that is made later is dropped.
 * Rejects with "daemon.unreachable" when time is up, with the signal's reason when it aborts.
 */
export async function beforeDeadline<T extends ByteStream>(
  attempt: Promise<T>,
  place: string,
  { timeout, signal }: Deadline,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(unreachable(place, `no answer within ${timeout / 1000} s`)), timeout);
  const abort = () => reject(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  try {
    return await Promise.race([attempt, promise]);
  } catch (error) {
    attempt.then(
      (late) => late.destroy(),
      () => undefined,
    );
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** A shorter input that fails in the same way, found by leaving pieces out: ever smaller ones, for so many milliseconds. */
export async function minimise(
  input: Uint8Array,
  failsAlike: (input: Uint8Array) => Promise<boolean>,
  milliseconds = 3000,
): Promise<Uint8Array> {
  const end = performance.now() + milliseconds;
  let best = input;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length && performance.now() < end; ) {
      const shorter = new Uint8Array(Buffer.concat([best.subarray(0, at), best.subarray(at + size)]));
      if (await failsAlike(shorter)) best = shorter;
      else at += size;
    }
  }
  return best;
}

/** Messages one after the other, each behind its length in two bytes. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.flatMap((part) => [Uint8Array.of(part.length >> 8, part.length), part])));
}

/** What `joinParts` joined; the last one may be shorter than it says. */
export function cutParts(input: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at + 2 <= input.length; ) {
    const length = ((input[at] ?? 0) << 8) | (input[at + 1] ?? 0);
    parts.push(input.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return parts;
}

import { edges, oneIn, pick, type Random } from "./choose.ts";

/** One to a few changes of some bytes; `others` are what pieces are taken from. */
export function mutate(
  random: Random,
  bytes: Uint8Array,
  others: readonly Uint8Array[],
  dictionary: readonly Uint8Array[],
): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (let left = 1 + random(oneIn(random, 4) ? 12 : 3); left > 0; left--) {
    changed = Uint8Array.from(change(random, changed, others, dictionary));
  }
  return changed;
}

function change(
  random: Random,
  bytes: Uint8Array,
  others: readonly Uint8Array[],
  dictionary: readonly Uint8Array[],
): Uint8Array {
  const at = random(bytes.length + 1);
  const length = random(oneIn(random, 3) ? bytes.length - at + 1 : Math.min(9, bytes.length - at + 1));
  switch (random(dictionary.length > 0 ? 10 : 8)) {
    case 0:
      return flip(random, bytes);
    case 1:
      return splice(bytes, at, 1, Uint8Array.of(random(256)));
    case 2:
      return setNumber(random, bytes, at);
    case 3:
      return splice(bytes, at, length, nothing);
    case 4:
      return splice(bytes, at, 0, repeated(random, bytes.subarray(at, at + length)));
    case 5:
      return splice(bytes, random(bytes.length + 1), 0, bytes.subarray(at, at + length));
    case 6:
      return splice(bytes, at, length, pieceOf(random, others));
    case 7:
      return splice(
        bytes,
        at,
        oneIn(random, 2) ? length : 0,
        Uint8Array.from({ length: 1 + random(8) }, () => random(256)),
      );
    default:
      return splice(bytes, at, oneIn(random, 2) ? length : 0, pick(random, dictionary));
  }
}

const nothing = new Uint8Array(0);

function flip(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = random(Math.max(1, bytes.length));
  copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
  return copy;
}

/** An edge in one, two or four bytes, in either order: what may be a length. */
function setNumber(random: Random, bytes: Uint8Array, at: number): Uint8Array {
  const size = pick(random, [1, 2, 3, 4]);
  const value = pick(random, edges);
  const isBig = oneIn(random, 2);
  const copy = Uint8Array.from(bytes);
  for (let place = 0; place < size && at + place < copy.length; place++) {
    copy[at + place] = Math.floor(value / 256 ** (isBig ? size - 1 - place : place));
  }
  return copy;
}

/** Some bytes, again and again. */
function repeated(random: Random, bytes: Uint8Array): Uint8Array {
  const times = oneIn(random, 20) ? 1 + random(500) : 1 + random(4);
  return new Uint8Array(
    Buffer.concat(Array.from({ length: Math.min(times, 1 + 8192 / (bytes.length + 1)) }, () => bytes)),
  );
}

function pieceOf(random: Random, others: readonly Uint8Array[]): Uint8Array {
  if (others.length === 0) return nothing;
  const other = pick(random, others);
  const from = random(other.length + 1);
  return other.subarray(from, from + random(other.length - from + 1));
}

function splice(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]));
}

import type { End, Fault, Lane, Passed } from "./line.ts";

type Random = (below: number) => number;

/** Everything comes late, in other pieces than it was sent in. */
export function delays(random: Random): Fault {
  const most = 1 + random(30);
  const passLate = (lane: Lane) => (bytes: Uint8Array) => {
    for (const piece of pieces(bytes, () => 1 + random(20_000))) {
      if (random(3) === 0) lane.wait(random(most));
      lane.send(piece);
    }
  };
  return ({ up, down }) => ({ up: passLate(up), down: passLate(down) });
}

/** First byte by byte, then a few at a time. */
export function trickle(random: Random): Fault {
  const pass = (lane: Lane) => {
    let left = 200 + random(2000);
    return (bytes: Uint8Array) => {
      const next = () => {
        left--;
        return left > 0 ? 1 : 1 + random(8000);
      };
      for (const piece of pieces(bytes, next)) {
        lane.send(piece);
        if (left <= 0 || left % 8 === 0) lane.wait(1);
      }
    };
  };
  return ({ up, down }) => ({ up: pass(up), down: pass(down) });
}

/** The connection ends behind a number of bytes of one direction. */
export function cutBehind(direction: keyof Passed, bytes: number, how: End): Fault {
  return (line) => {
    let left = bytes;
    const count = (lane: Lane) => (data: Uint8Array) => {
      if (left < 0) return;
      if (data.length < left) lane.send(data);
      else {
        lane.send(data.subarray(0, left));
        lane.after(() => line.cut(how));
      }
      left -= data.length;
      if (left === 0) left = -1;
    };
    const pass = (lane: Lane) => (data: Uint8Array) => lane.send(data);
    return {
      up: direction === "up" ? count(line.up) : pass(line.up),
      down: direction === "down" ? count(line.down) : pass(line.down),
    };
  };
}

/** Some bytes of one direction are others, from an offset on. */
export function corrupt(random: Random, direction: keyof Passed, from: number): Fault {
  const count = 1 + random(4);
  return (line) => {
    let at = 0;
    let next = from;
    let left = count;
    const change = (bytes: Uint8Array) => {
      const changed = Uint8Array.from(bytes);
      while (left > 0 && next < at + bytes.length) {
        if (next >= at) changed[next - at] = (changed[next - at] ?? 0) ^ (1 + random(255));
        next += 1 + random(random(2) === 0 ? 4 : 1000);
        left--;
      }
      at += bytes.length;
      line[direction].send(changed);
    };
    const other = (lane: Lane) => (bytes: Uint8Array) => lane.send(bytes);
    return {
      up: direction === "up" ? change : other(line.up),
      down: direction === "down" ? change : other(line.down),
    };
  };
}

function* pieces(bytes: Uint8Array, size: () => number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = size();
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

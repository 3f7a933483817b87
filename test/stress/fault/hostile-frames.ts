import { frameFlag, frameType } from "../../../src/h2/frame.ts";
import { type Direction, frameFault, type Random } from "./frame-faults.ts";
import type { WireFrame } from "./frame-reader.ts";
import type { End, Fault } from "./line.ts";

/** The connection ends between two frames. */
export function cutBehindFrame(direction: Direction, frames: number, how: End): Fault {
  return frameFault((lines) => {
    let count = 0;
    return (from, frame) => {
      if (from === direction && count > frames) return;
      lines[from].pass(frame);
      if (from !== direction) return;
      count++;
      if (count === frames + 1) lines[from].lane.after(() => lines.line.cut(how));
    };
  });
}

/** From a frame on, a few frames of the daemon are lost, come twice, are changed, or are ones that nobody has sent. */
export function hostileFrames(random: Random, from: number, struck: () => void): Fault {
  return frameFault((lines) => {
    let count = 0;
    let left = 1 + random(3);
    return (direction, frame) => {
      if (direction === "up" || count++ < from || left === 0) {
        lines[direction].pass(frame);
        return;
      }
      left--;
      struck();
      for (const each of spoil(frame, random)) lines.down.pass(each);
    };
  });
}

function spoil(frame: WireFrame, random: Random): readonly WireFrame[] {
  switch (random(6)) {
    case 0:
      return [];
    case 1:
      return [frame, frame];
    case 2:
      return [{ ...frame, ...changed(frame, random) }];
    default:
      return random(2) === 0 ? [frame, forged(frame, random)] : [forged(frame, random), frame];
  }
}

function changed(frame: WireFrame, random: Random): Partial<WireFrame> {
  switch (random(5)) {
    case 0:
      return { id: frame.id + 2 * (random(5) - 2) };
    case 1:
      return { flags: random(256) };
    case 2:
      return { type: random(11) };
    case 3:
      return { payload: frame.payload.subarray(0, random(frame.payload.length + 1)) };
    default:
      return { payload: randomBytes(random, frame.payload.length) };
  }
}

/** A frame that has no business there. */
function forged({ id }: WireFrame, random: Random): WireFrame {
  const type = [
    frameType.goaway,
    frameType.goaway,
    frameType.rstStream,
    frameType.rstStream,
    frameType.rstStream,
    frameType.settings,
    frameType.windowUpdate,
    frameType.pushPromise,
    frameType.headers,
    frameType.data,
    frameType.continuation,
  ][random(11)];
  const stream = random(3) === 0 ? 1 + random(30) : id;
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value >>> 0);
    return bytes;
  };
  switch (type) {
    case frameType.goaway: {
      const last = random(2) === 0 ? 0x7fffffff : random(20);
      const payload = Buffer.concat([
        number(last),
        number(random(14)),
        Buffer.from(random(2) === 0 ? "" : "gone away"),
      ]);
      return { type, flags: 0, id: 0, payload };
    }
    case frameType.rstStream:
      return { type, flags: 0, id: stream, payload: number(random(14)) };
    case frameType.settings: {
      const payload = Buffer.concat([
        Buffer.of(0, random(8)),
        number(random(2) === 0 ? 0xffffffff : random(0x1000000)),
      ]);
      return { type, flags: 0, id: 0, payload };
    }
    case frameType.windowUpdate:
      return { type, flags: 0, id: random(2) === 0 ? 0 : stream, payload: number(random(2) === 0 ? 0 : 0x7fffffff) };
    default:
      return {
        type: type ?? 0,
        flags: random(2) === 0 ? frameFlag.endHeaders : random(256),
        id: stream,
        payload: randomBytes(random, random(200)),
      };
  }
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random(256));
}

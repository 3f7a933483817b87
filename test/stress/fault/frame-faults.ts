import { frameFlag, frameType } from "../../../src/h2/frame.ts";
import { FrameLane } from "./frame-lane.ts";
import { FrameReader, type WireFrame } from "./frame-reader.ts";
import type { Fault, Line, Passed } from "./line.ts";

export type Random = (below: number) => number;

export type Direction = keyof Passed;

/** Both directions of a connection, frame by frame. */
export interface FrameLines {
  readonly up: FrameLane;
  readonly down: FrameLane;
  readonly line: Line;
}

/** A fault that sees frames. */
export function frameFault(make: (lines: FrameLines) => (direction: Direction, frame: WireFrame) => void): Fault {
  return (line) => {
    const pass = make({ up: new FrameLane(line.up), down: new FrameLane(line.down), line });
    const up = new FrameReader(true, (frame) => pass("up", frame));
    const down = new FrameReader(false, (frame) => pass("down", frame));
    return { up: (bytes) => up.push(bytes), down: (bytes) => down.push(bytes) };
  };
}

/** DATA comes in the smallest frames, first byte by byte; headers in a frame and many continuations. */
export function tinyFrames(random: Random): Fault {
  return frameFault((lines) => {
    let single = 2000 + random(10_000);
    return (direction, frame) => {
      const size = () => {
        single--;
        return single > 0 ? 1 : 1 + random(3000);
      };
      for (const each of splitFrame(frame, size, () => 1 + random(40))) lines[direction].pass(each);
    };
  });
}

function* splitFrame(frame: WireFrame, dataSize: () => number, blockSize: () => number): Iterable<WireFrame> {
  const { type, flags, id, payload } = frame;
  const isPlain = (flags & (frameFlag.padded | frameFlag.priority)) === 0;
  const isData = type === frameType.data && payload.length > 0 && isPlain;
  const isBlock = type === frameType.headers && (flags & frameFlag.endHeaders) !== 0 && isPlain;
  if (!isData && !isBlock) return yield frame;
  for (let at = 0; at < payload.length; ) {
    const length = isData ? dataSize() : blockSize();
    const piece = payload.subarray(at, at + length);
    const isFirst = at === 0;
    at += length;
    const isLast = at >= payload.length;
    if (isData) yield { type, id, flags: isLast ? flags : flags & ~frameFlag.endStream, payload: piece };
    else if (isFirst) yield { type, id, flags: isLast ? flags : flags & ~frameFlag.endHeaders, payload: piece };
    else yield { type: frameType.continuation, id, flags: isLast ? frameFlag.endHeaders : 0, payload: piece };
  }
}

/** DATA of a stream is put together to the largest frames that a peer takes. */
export function joinedFrames(random: Random): Fault {
  const patience = 1 + random(15);
  return frameFault((lines) => {
    const waiting: Record<Direction, WireFrame | undefined> = { up: undefined, down: undefined };
    const flush = (direction: Direction) => {
      const frame = waiting[direction];
      waiting[direction] = undefined;
      if (frame !== undefined) lines[direction].pass(frame);
    };
    return (direction, frame) => {
      const before = waiting[direction];
      const isData = frame.type === frameType.data && (frame.flags & frameFlag.padded) === 0;
      if (!isData) {
        flush(direction);
        lines[direction].pass(frame);
        return;
      }
      if (before === undefined || before.id !== frame.id) {
        flush(direction);
        waiting[direction] = frame;
        setTimeout(() => flush(direction), patience);
      } else {
        const joined = Buffer.concat([before.payload, frame.payload]);
        waiting[direction] = undefined;
        for (let at = 0; at + largest < joined.length; at += largest) {
          lines[direction].pass({ ...before, payload: joined.subarray(at, at + largest) });
        }
        const rest = joined.length === 0 ? 0 : Math.floor((joined.length - 1) / largest) * largest;
        waiting[direction] = { ...frame, payload: joined.subarray(rest) };
        setTimeout(() => flush(direction), patience);
      }
      if ((frame.flags & frameFlag.endStream) !== 0) flush(direction);
    };
  });
}

const largest = 16_384;

/** WINDOW_UPDATEs come late, in another order, in parts or put together. */
export function windows(random: Random): Fault {
  const most = 1 + random(100);
  return frameFault((lines) => {
    const held: Record<Direction, [id: number, bytes: number][]> = { up: [], down: [] };
    const release = (direction: Direction) => {
      const updates = shuffle(split(held[direction].splice(0), random), random);
      for (const [id, bytes] of updates) lines[direction].insert(windowUpdate(id, bytes));
    };
    return (direction, frame) => {
      if (frame.type !== frameType.windowUpdate || random(10) === 0) {
        lines[direction].pass(frame);
        return;
      }
      held[direction].push([frame.id, Buffer.from(frame.payload).readUInt32BE(0) & 0x7fffffff]);
      setTimeout(() => release(direction), random(most));
    };
  });
}

export function windowUpdate(id: number, bytes: number): WireFrame {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return { type: frameType.windowUpdate, flags: 0, id, payload };
}

function split(updates: readonly [number, number][], random: Random): [number, number][] {
  return updates.flatMap(([id, bytes]): [number, number][] => {
    const first = 1 + random(bytes);
    return random(2) === 0 || first >= bytes
      ? [[id, bytes]]
      : [
          [id, first],
          [id, bytes - first],
        ];
  });
}

function shuffle<T>(items: T[], random: Random): T[] {
  const open = [...items];
  return items.flatMap(() => open.splice(random(open.length), 1));
}

import { frameFlag, frameType } from "../../../src/h2/frame.ts";
import { type FrameLines, frameFault, type Random, windowUpdate } from "./frame-faults.ts";
import type { WireFrame } from "./frame-reader.ts";
import type { Fault } from "./line.ts";

/** SETTINGS_HEADER_TABLE_SIZE, SETTINGS_MAX_CONCURRENT_STREAMS and SETTINGS_INITIAL_WINDOW_SIZE. */
const setting = { table: 1, streams: 3, window: 4 } as const;

/** What the client believes to be taken by padding; the daemon never sees it. */
const reserve = 256 * 1024;

/** The payload of the PINGs that are inserted. */
const mark = Buffer.from("luakit-f");

/** Frames without meaning, PINGs, padding, priorities and changes of settings in between; nothing that is not allowed. */
export function noise(random: Random): Fault {
  return frameFault((lines) => {
    const settings = new SettingsChanges(lines, random);
    const padding = new Padding(random);
    const addNoise = () => {
      for (let count = random(4) === 0 ? random(200) : random(3); count > 0; count--) lines.down.insert(ping());
      if (random(3) === 0) lines.down.insert(unknown(random));
      if (random(3) === 0) lines.up.insert(unknown(random));
      if (random(8) === 0) settings.change();
    };
    return (direction, frame) => {
      if (direction === "up") {
        if (isOwnAnswer(frame) || settings.isOwnAnswer(frame)) return;
        const passed = padding.credit(frame);
        if (passed !== undefined) lines.up.pass(passed);
      } else {
        settings.see(frame);
        lines.down.pass(padding.pad(frame));
      }
      if (random(3) === 0) addNoise();
    };
  });
}

function ping(): WireFrame {
  return { type: frameType.ping, flags: 0, id: 0, payload: mark };
}

function isOwnAnswer({ type, flags, payload }: WireFrame): boolean {
  return type === frameType.ping && (flags & frameFlag.ack) !== 0 && mark.equals(payload);
}

/** A frame of a type that nobody knows. Not PRIORITY_UPDATE, 0x10 (RFC 9218): Go looks into it. */
function unknown(random: Random): WireFrame {
  const payload = Uint8Array.from({ length: random(300) }, () => random(256));
  return { type: 0x20 + random(0xf0 - 0x20), flags: random(256), id: random(2) === 0 ? 0 : 1 + random(9), payload };
}

/** Settings that change for a moment; the daemon does not learn of it. */
class SettingsChanges {
  readonly #lines: FrameLines;
  readonly #random: Random;
  /** Whose SETTINGS the client has still to acknowledge. */
  readonly #unanswered: ("daemon" | "own")[] = [];
  #hasBegun = false;
  readonly #values = new Map<number, number>([
    [setting.table, 4096],
    [setting.streams, 1000],
    [setting.window, 65_535],
  ]);

  constructor(lines: FrameLines, random: Random) {
    this.#lines = lines;
    this.#random = random;
  }

  see({ type, flags, payload }: WireFrame): void {
    if (type !== frameType.settings || (flags & frameFlag.ack) !== 0) return;
    this.#unanswered.push("daemon");
    this.#hasBegun = true;
    const bytes = Buffer.from(payload);
    for (let at = 0; at + 6 <= bytes.length; at += 6)
      this.#values.set(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2));
  }

  isOwnAnswer({ type, flags }: WireFrame): boolean {
    if (type !== frameType.settings || (flags & frameFlag.ack) === 0) return false;
    return this.#unanswered.shift() === "own";
  }

  change(): void {
    if (!this.#hasBegun) return;
    const ids = Object.values(setting);
    const id = ids[this.#random(ids.length)] ?? setting.window;
    const value = id === setting.streams ? this.#random(8) : this.#random(this.#values.get(id) ?? 1);
    this.#send(id, value);
    setTimeout(() => this.#send(id, this.#values.get(id) ?? value), this.#random(120));
  }

  #send(id: number, value: number): void {
    const payload = Buffer.alloc(6);
    payload.writeUInt16BE(id);
    payload.writeUInt32BE(value, 2);
    this.#unanswered.push("own");
    this.#lines.down.insert({ type: frameType.settings, flags: 0, id: 0, payload });
  }
}

/** Padding of what the daemon sends, within what the client has been made to hold back from it. */
class Padding {
  readonly #random: Random;
  readonly #debts = new Map<number, number>();
  #hasReserved = false;

  constructor(random: Random) {
    this.#random = random;
  }

  pad(frame: WireFrame): WireFrame {
    const { type, flags, id, payload } = frame;
    const isPadded = (flags & (frameFlag.padded | frameFlag.priority)) !== 0;
    if (isPadded || (type !== frameType.data && type !== frameType.headers) || this.#random(2) === 0) return frame;
    const length = this.#random(256);
    if (payload.length + length + 1 > 16_384) return frame;
    if (type === frameType.data && !this.#take(id, length + 1)) return frame;
    const padded = Buffer.concat([Buffer.of(length), payload, new Uint8Array(length)]);
    return { type, id, flags: flags | frameFlag.padded, payload: padded };
  }

  /** What the daemon is to see of a frame of the client. */
  credit(frame: WireFrame): WireFrame | undefined {
    if (frame.type === frameType.settings && (frame.flags & frameFlag.ack) === 0) return holdBack(frame);
    if (frame.type !== frameType.windowUpdate) return frame;
    const bytes = Buffer.from(frame.payload).readUInt32BE(0) & 0x7fffffff;
    if (frame.id === 0 && !this.#hasReserved) {
      this.#hasReserved = true;
      return windowUpdate(0, bytes - reserve);
    }
    const debt = Math.min(bytes, this.#debts.get(frame.id) ?? 0);
    this.#debts.set(frame.id, (this.#debts.get(frame.id) ?? 0) - debt);
    return bytes === debt ? undefined : windowUpdate(frame.id, bytes - debt);
  }

  #take(id: number, bytes: number): boolean {
    const both = [0, id];
    if (!this.#hasReserved || both.some((each) => (this.#debts.get(each) ?? 0) + bytes > reserve)) return false;
    for (const each of both) this.#debts.set(each, (this.#debts.get(each) ?? 0) + bytes);
    return true;
  }
}

/** The client's SETTINGS with a window that is smaller by the reserve. */
function holdBack(frame: WireFrame): WireFrame {
  const payload = Buffer.from(frame.payload);
  for (let at = 0; at + 6 <= payload.length; at += 6) {
    if (payload.readUInt16BE(at) === setting.window)
      payload.writeUInt32BE(payload.readUInt32BE(at + 2) - reserve, at + 2);
  }
  return { ...frame, payload };
}

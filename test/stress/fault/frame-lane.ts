import { frameFlag, frameType } from "../../../src/h2/frame.ts";
import { frameBytes, type WireFrame } from "./frame-reader.ts";
import type { Lane } from "./line.ts";

/** A lane that takes frames; what is put in between never comes into the middle of a header block. */
export class FrameLane {
  readonly lane: Lane;
  readonly #held: WireFrame[] = [];
  #isInBlock = false;
  #hasBegun = false;

  constructor(lane: Lane) {
    this.lane = lane;
  }

  /** A frame of the peer, or what is made of it. */
  pass(frame: WireFrame): void {
    this.lane.send(frameBytes(frame));
    // Nothing may come before the first SETTINGS.
    if (frame.type === frameType.settings) this.#hasBegun = true;
    if (frame.type === frameType.headers || frame.type === frameType.continuation) {
      this.#isInBlock = (frame.flags & frameFlag.endHeaders) === 0;
    }
    if (this.#isInBlock || !this.#hasBegun) return;
    for (const held of this.#held.splice(0)) this.lane.send(frameBytes(held));
  }

  /** A frame that waits for its chance. */
  insert(frame: WireFrame): void {
    if (this.#isInBlock || !this.#hasBegun) this.#held.push(frame);
    else this.lane.send(frameBytes(frame));
  }
}

import type { Vertex } from "../gen/control.ts";
import { TracedVertex } from "./traced-vertex.ts";

interface Member {
  readonly started: boolean;
  readonly cached: boolean;
  readonly error: string;
  readonly strong: boolean;
}

/** Vertices that are shown as one. */
export class ProgressGroup {
  readonly vertex: TracedVertex;
  readonly #members = new Map<string, Member>();

  constructor(digest: string, name: string) {
    this.vertex = new TracedVertex(digest, name);
    this.vertex.hidden = true;
  }

  /**
   * Takes one message of a member. The group is cached when all members are, fails with the first error, and is hidden until
   * a member that is not weak has started or any has failed.
   */
  applyMember(member: Vertex, start: number | undefined, stop: number | undefined): void {
    const started = start !== undefined;
    if (!started && this.#members.get(member.digest)?.started === true) return;
    const strong = started && member.progressGroup?.weak !== true;
    this.#members.set(member.digest, { started, cached: member.cached, error: member.error, strong });
    if (started) this.vertex.setInterval(start, stop);
    this.vertex.cached = true;
    this.vertex.error = "";
    for (const { cached, error, strong } of this.#members.values()) {
      this.vertex.cached &&= cached;
      this.vertex.error ||= error;
      if (strong || error !== "") this.vertex.hidden = false;
    }
  }
}

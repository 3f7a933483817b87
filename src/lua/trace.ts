import type { Position } from "../diagnostic/luakit-error.ts";
import { lineOfCall } from "./call-line.ts";
import { luaLayout } from "./layout.ts";
import type { CallPosition, ScriptFile } from "./position.ts";
import type { LuaState } from "./state.ts";

const deepestTrace = 16;
/** Levels that a walk looks at: an endless recursion has many more than it has call sites. */
const longestWalk = 64;
const linesPerFile = 1 << 24;

interface Site {
  readonly position: CallPosition;
  readonly callees: Map<number, Site>;
}

/** Finds where a script is. The same chain of call sites always gives the same object. */
export class Trace {
  private readonly state: LuaState;
  private readonly files: ScriptFile[] = [];
  /** Files by the place of their chunk's name in memory, which is fixed while the chunk is kept. */
  private readonly places = new Map<number, number>();
  /** Call sites by the place of their instruction, which is fixed for the same reason. */
  private readonly sites = new Map<number, number>();
  private readonly roots = new Map<number, Site>();
  private readonly walked: number[] = [];
  /** The frames of the last position, by what they run: a loop asks for the same one again and again. */
  private readonly lastPath: number[] = [];
  private last: CallPosition | undefined;

  constructor(state: LuaState) {
    this.state = state;
  }

  /** Makes the chunk at the stack's top known under `file`, and keeps it. */
  keep(file: ScriptFile): void {
    const proto = this.read(this.state.c.lua_topointer(this.state.thread, -1) + luaLayout.closureProto);
    this.places.set(this.read(proto + luaLayout.protoSource), this.files.push(file) - 1);
    this.state.keep(-1);
  }

  private read(place: number): number {
    return this.state.ints[place >> 2] ?? 0;
  }

  fileNamed(name: string): ScriptFile | undefined {
    return this.files.find((file) => file.name === name);
  }

  /** The innermost line of a script that runs, and the lines that led to it. */
  position(): CallPosition | undefined {
    if (this.isLast()) return this.last;
    this.last = this.walk();
    return this.last;
  }

  /** Whether all frames are as they were, and run what they ran; notes how they are. */
  private isLast(): boolean {
    const { lastPath } = this;
    const { ints } = this.state;
    let same = true;
    let at = 0;
    let frame = ints[(this.state.thread + luaLayout.threadFrame) >> 2] ?? 0;
    for (; frame !== 0 && at < 2 * longestWalk; at += 2) {
      const running = ints[(frame + luaLayout.frameSavedPc) >> 2] ?? 0;
      if (lastPath[at] !== frame || lastPath[at + 1] !== running) {
        same = false;
        lastPath[at] = frame;
        lastPath[at + 1] = running;
      }
      frame = ints[(frame + luaLayout.framePrevious) >> 2] ?? 0;
    }
    if (lastPath.length === at) return same;
    lastPath.length = at;
    return false;
  }

  private walk(): CallPosition | undefined {
    const { walked } = this;
    walked.length = 0;
    let frame = this.read(this.state.thread + luaLayout.threadFrame);
    for (let level = 0; frame !== 0 && level < longestWalk && walked.length < deepestTrace; level++) {
      const site = this.siteOf(frame);
      if (site !== undefined && walked[walked.length - 1] !== site) walked.push(site);
      // Text that a script loaded is not kept: something else may come to be in its place.
      else if (site === undefined && !this.isC(frame)) this.lastPath.length = 0;
      frame = this.read(frame + luaLayout.framePrevious);
    }
    return this.intern(walked);
  }

  /** The file and line of a frame as one number; undefined for C functions and for text that a script loaded. */
  private siteOf(frame: number): number | undefined {
    if (this.isC(frame)) return undefined;
    const instruction = this.read(frame + luaLayout.frameSavedPc);
    const known = this.sites.get(instruction);
    if (known !== undefined) return known;
    const proto = this.read(this.read(this.read(frame + luaLayout.frameFunction)) + luaLayout.closureProto);
    const file = this.places.get(this.read(proto + luaLayout.protoSource));
    if (file === undefined) return undefined;
    const site = file * linesPerFile + lineOfCall(this.state, frame, proto);
    this.sites.set(instruction, site);
    return site;
  }

  private isC(frame: number): boolean {
    return ((this.state.bytes[frame + luaLayout.frameStatus] ?? 0) & luaLayout.frameIsC) !== 0;
  }

  /** Where the Lua function at the stack's top begins. */
  definition(): CallPosition | undefined {
    const proto = this.read(this.state.c.lua_topointer(this.state.thread, -1) + luaLayout.closureProto);
    const file = this.places.get(this.read(proto + luaLayout.protoSource));
    const source = file === undefined ? undefined : this.files[file];
    return source === undefined ? undefined : { source, line: this.read(proto + luaLayout.protoLineDefined) };
  }

  private intern(walked: readonly number[]): CallPosition | undefined {
    let sites = this.roots;
    let position: CallPosition | undefined;
    for (let at = walked.length - 1; at >= 0; at--) {
      const key = walked[at] ?? 0;
      let site = sites.get(key);
      if (site === undefined) {
        site = { position: this.makePosition(key, position), callees: new Map() };
        sites.set(key, site);
      }
      position = site.position;
      sites = site.callees;
    }
    return position;
  }

  private makePosition(key: number, caller: CallPosition | undefined): CallPosition {
    const source = this.files[Math.floor(key / linesPerFile)] ?? { name: "?", data: "" };
    return { source, line: key % linesPerFile, caller };
  }
}

/** A call site as errors show it. */
export function toPosition(position: CallPosition): Position {
  return { file: position.source.name, line: position.line, source: position.source.data };
}

/** The lines that led to a call site, innermost first. */
export function toCallers(position: CallPosition): Position[] {
  const callers: Position[] = [];
  for (let at = position.caller; at !== undefined; at = at.caller) callers.push(toPosition(at));
  return callers;
}

import type { Position } from "../diagnostic/luakit-error.ts";
import { lineOfCall } from "./call-line.ts";
import type { CallPosition, ScriptFile } from "./position.ts";
import type { LuaState } from "./state.ts";

/** Offsets in `lua_Debug`, in ints. */
const sourceField = 4;
const lineField = 6;
const definedField = 7;

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
  /** By the place of the chunk's name in memory, which is fixed while the chunk is kept. */
  private readonly places = new Map<number, number>();
  private readonly roots = new Map<number, Site>();
  private readonly walked: number[] = [];

  constructor(state: LuaState) {
    this.state = state;
  }

  /** Makes the chunk at the stack's top known under `file`, and keeps it. */
  keep(file: ScriptFile): void {
    const { c, thread, record } = this.state;
    c.lua_pushvalue(thread, -1);
    c.lua_getinfo(thread, this.state.name(">S"), record);
    this.places.set(this.state.ints[(record >> 2) + sourceField] ?? 0, this.files.push(file) - 1);
    this.state.keep(-1);
  }

  fileNamed(name: string): ScriptFile | undefined {
    return this.files.find((file) => file.name === name);
  }

  /** The innermost line of a script that runs, and the lines that led to it. */
  position(): CallPosition | undefined {
    const { c, thread, record } = this.state;
    const what = this.state.name("Sl");
    const walked = this.walked;
    walked.length = 0;
    for (let level = 0; level < longestWalk && walked.length < deepestTrace; level++) {
      if (c.lua_getstack(thread, level, record) === 0) break;
      c.lua_getinfo(thread, what, record);
      const line = this.state.ints[(record >> 2) + lineField] ?? -1;
      if (line <= 0) continue;
      const file = this.places.get(this.state.ints[(record >> 2) + sourceField] ?? 0);
      if (file === undefined) continue;
      const key = file * linesPerFile + lineOfCall(this.state, line);
      if (walked[walked.length - 1] !== key) walked.push(key);
    }
    return this.intern(walked);
  }

  /** Where the function on top begins; takes it off the stack. */
  definition(): CallPosition | undefined {
    const { c, thread, record, ints } = this.state;
    c.lua_getinfo(thread, this.state.name(">S"), record);
    const file = this.places.get(ints[(record >> 2) + sourceField] ?? 0);
    const source = file === undefined ? undefined : this.files[file];
    return source === undefined ? undefined : { source, line: ints[(record >> 2) + definedField] ?? 0 };
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

import type { ExecOp } from "../llb/exec.ts";
import type { Mount } from "../llb/mount.ts";
import { cleanPath } from "../llb/path.ts";
import type { Vertex } from "../llb/vertex.ts";
import type { ApiCall } from "./record-calls.ts";
import { parseShell, programOf, type ShellCommand } from "./shell.ts";

/** A `state:run` of a script. */
export interface Step {
  readonly call: ApiCall;
  readonly vertex: Vertex;
  readonly op: ExecOp;
  /** What the script gave the shell; absent for a list that names a program. */
  readonly text: string | undefined;
  /** What runs text, with its flags. */
  readonly shell: readonly string[];
  readonly commands: readonly ShellCommand[];
  /** The programs that the commands run, with their arguments. */
  readonly programs: readonly Program[];
}

interface Program {
  readonly name: string;
  readonly args: readonly string[];
}

const shells = /(?:^|\/)(?:ba|da|a|z|k)?sh$/;

/** What texts of shells run, by the texts: loops give the same ones again and again. */
export type KnownTexts = Map<string, Pick<Step, "commands" | "programs">>;

/** The step that a call made. */
export function stepOf(call: ApiCall, known: KnownTexts): Step | undefined {
  const vertex = call.name === "state:run" ? call.state?.exec : undefined;
  if (vertex === undefined || vertex.op.type !== "exec") return undefined;
  const { op } = vertex;
  const { text, shell } = readShell(call, op.args);
  const { commands, programs } =
    text === undefined ? describe([{ words: op.args, feedsPipe: false }]) : readText(text, known);
  return { call, vertex, op, text, shell, commands, programs };
}

function describe(commands: readonly ShellCommand[]): Pick<Step, "commands" | "programs"> {
  return { commands, programs: commands.map(programOf) };
}

function readText(text: string, known: KnownTexts): Pick<Step, "commands" | "programs"> {
  const before = known.get(text);
  if (before !== undefined) return before;
  const read = describe(parseShell(text));
  known.set(text, read);
  return read;
}

function readShell({ args }: ApiCall, words: readonly string[]): Pick<Step, "text" | "shell"> {
  if (typeof args[0] === "string") return { text: args[0], shell: words.slice(0, -1) };
  const [program = "", ...rest] = words;
  const isText = shells.test(program) && rest.length >= 2 && /^-\w*c$/.test(rest.at(-2) ?? "");
  return isText ? { text: rest.at(-1), shell: words.slice(0, -1) } : { text: undefined, shell: [] };
}

/** The value of a variable that the script sets for a step. */
export function variableOf({ op }: Step, name: string): string | undefined {
  for (let change = op.state.env; change !== undefined; change = change.previous) {
    if (change.name === name) return change.value;
  }
  return undefined;
}

/** Whether the step keeps a path, or what it is in, out of its result. */
export function isKeptOut({ op }: Step, path: string): boolean {
  return op.mounts.some((mount) => isTransient(mount) && covers(mount.dest, path));
}

function isTransient({ type }: Mount): boolean {
  return type === "cache" || type === "tmpfs";
}

function covers(dest: string | undefined, path: string): boolean {
  if (dest === undefined) return false;
  const above = cleanPath(dest);
  return path === above || path.startsWith(above === "/" ? above : `${above}/`);
}

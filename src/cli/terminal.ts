import { fstatSync, writeSync } from "node:fs";
import { cannotWrite, errorCode } from "../diagnostic/system-error.ts";
import { keepColors, withoutCommands } from "../progress/harmless.ts";
import { isTerminal as askTerminal } from "./terminal-size.ts";

/**
 * What a command sees of the process around it. Output is written at once, without the runtime's streams. Text is for
 * people: nothing in it but colours drives a terminal, and no runner of GitHub Actions obeys it. Bytes stay as they are.
 */
export interface Terminal {
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly inIsTerminal: () => boolean;
  readonly outIsTerminal: () => boolean;
  readonly errorIsTerminal: () => boolean;
  readonly out: (data: string | Uint8Array) => void;
  readonly error: (text: string) => void;
  /** Lua's code, being compiled since before the command was loaded; absent for commands that need none. */
  readonly lua?: Promise<WebAssembly.Module> | undefined;
}

export function openTerminal(cwd: string, variables: Readonly<Record<string, string | undefined>>): Terminal {
  const shown = (text: string) => {
    const harmless = keepColors(text);
    return new TextEncoder().encode(variables.GITHUB_ACTIONS === "true" ? withoutCommands(harmless) : harmless);
  };
  return {
    cwd,
    variables,
    inIsTerminal: askOnce(0),
    outIsTerminal: askOnce(1),
    errorIsTerminal: askOnce(2),
    out: (data) => writeAll(1, typeof data === "string" ? shown(data) : data),
    error: (text) => writeAll(2, shown(text)),
  };
}

/** What a descriptor is does not change, and who prints asks often. */
function askOnce(descriptor: number): () => boolean {
  let answer: boolean | undefined;
  return () => {
    answer ??= isTerminal(descriptor);
    return answer;
  };
}

/** A pipe or a file is told apart from a terminal without asking. */
function isTerminal(descriptor: number): boolean {
  if (!fstatSync(descriptor).isCharacterDevice()) return false;
  return askTerminal(descriptor) ?? process.getBuiltinModule("node:tty").isatty(descriptor);
}

/**
 * Writes everything. A slow reader (EAGAIN) is waited for; one that has gone (EPIPE) ends the output. Throws "file.write" for
 * stdout; nobody can be told that stderr takes nothing.
 */
function writeAll(descriptor: number, data: Uint8Array): void {
  let written = 0;
  while (written < data.length) {
    try {
      written += writeSync(descriptor, data, written);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EAGAIN") Bun.sleepSync(1);
      else if (code === "EPIPE" || descriptor === 2) return;
      else throw cannotWrite("stdout", error);
    }
  }
}

/** True where colours belong: a terminal, and neither NO_COLOR nor a dumb terminal says otherwise. */
export function hasColors(terminal: Terminal): boolean {
  return wantsColors(terminal) && terminal.errorIsTerminal();
}

/** The same of stdout. */
export function hasColorsOnOut(terminal: Terminal): boolean {
  return wantsColors(terminal) && terminal.outIsTerminal();
}

function wantsColors({ variables: { NO_COLOR, TERM } }: Terminal): boolean {
  return (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}

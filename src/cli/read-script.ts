import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError, errorCode } from "../diagnostic/system-error.ts";
import { decodeScript } from "../script/decode-script.ts";
import { readStdin } from "./read-stdin.ts";
import type { Terminal } from "./terminal.ts";

/** A script's text, what errors call it, and the directory where its modules are. */
export interface ScriptInput {
  readonly name: string;
  readonly data: string;
  readonly directory: string;
}

const defaultScript = "build.lua";
const largestStream = 64 << 20;

/** Reads the script that an operand names: a file, `-` for stdin, by default build.lua here. */
export function readScript(operand: string | undefined, terminal: Terminal): ScriptInput {
  const name = operand ?? defaultScript;
  if (name === "-") return { name: "stdin", data: decodeScript("stdin", readStdin()), directory: terminal.cwd };
  const path = resolve(terminal.cwd, name);
  return { name: basename(path), data: decodeScript(name, readFile(name, path)), directory: dirname(path) };
}

function readFile(name: string, path: string): Uint8Array {
  try {
    return statSync(path).isFile() ? readFileSync(path) : readStream(name, path);
  } catch (error) {
    if (error instanceof LuakitError) throw error;
    const code = errorCode(error);
    if (code === "ENOENT") {
      const hint =
        name === defaultScript ? "luakit init writes one; another is named as in luakit build PATH" : undefined;
      throw new LuakitError("script.missing", `there is no script "${name}"`, { hint, cause: error });
    }
    if (code === "EISDIR") throw new LuakitError("script.missing", `"${name}" is a directory`, { cause: error });
    throw new LuakitError("script.missing", `cannot read "${name}": ${describeSystemError(error)}`, { cause: error });
  }
}

/** A pipe or a device, some of which never end. */
function readStream(name: string, path: string): Uint8Array {
  const descriptor = openSync(path, "r");
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const chunk = new Uint8Array(64 * 1024);
      const length = readSync(descriptor, chunk);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
      size += length;
      if (size > largestStream) throw new LuakitError("script.missing", `"${name}" is no script: it does not end`);
    }
  } finally {
    closeSync(descriptor);
  }
}

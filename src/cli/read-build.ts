import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead } from "../diagnostic/system-error.ts";
import { decodeScript } from "../script/decode-script.ts";
import { readScript, type ScriptInput } from "./read-script.ts";
import { readStdin } from "./read-stdin.ts";
import type { Terminal } from "./terminal.ts";

/** What is to be built: a script to evaluate, or the bytes of a Definition. */
export type BuildInput =
  | { readonly kind: "script"; readonly script: ScriptInput }
  | { readonly kind: "definition"; readonly bytes: Uint8Array };

/** Reads the operand of a build: a script, a Definition (`.pb`), or `-` for either on stdin. */
export function readBuild(operand: string | undefined, terminal: Terminal): BuildInput {
  if (operand === "-") {
    const bytes = readStdin();
    if (isBinary(bytes)) return { kind: "definition", bytes };
    return { kind: "script", script: { name: "stdin", data: decodeScript("stdin", bytes), directory: terminal.cwd } };
  }
  if (operand?.endsWith(".pb")) return { kind: "definition", bytes: readDefinition(operand, terminal) };
  return { kind: "script", script: readScript(operand, terminal) };
}

/** Reads a Definition from a file, or from stdin when there is none or it is `-`. Throws "usage" at a terminal. */
export function readDefinition(operand: string | undefined, terminal: Terminal): Uint8Array {
  const { cwd, inIsTerminal } = terminal;
  if (operand === undefined || operand === "-") {
    if (!inIsTerminal()) return readStdin();
    throw new LuakitError("usage", "a Definition is read from stdin, and stdin is a terminal", {
      hint: "name a file, or write luakit build build.lua | luakit solve",
    });
  }
  try {
    return readFileSync(resolve(cwd, operand));
  } catch (error) {
    throw cannotRead(`"${operand}"`, error);
  }
}

/** Protobuf has control characters all over, and a script has none but white space. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b));
}

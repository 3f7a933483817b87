import { closeSync, openSync, readSync } from "node:fs";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead } from "../diagnostic/system-error.ts";
import type { StatusResponse } from "../gen/control.ts";
import { ShapeError } from "./json-fields.ts";
import { parseRawJson } from "./parse-raw-json.ts";

const chunkSize = 1024 * 1024;
/** No status message is longer: the daemon's own limit for messages is 16 MiB, and base64 makes a third more of them. */
const longestLine = 64 * 1024 * 1024;

/**
 * The messages of a file of `--trace` or `--progress=rawjson`, one at a time; `name` is for errors, a descriptor is read to
 * its end. Lines around them that are no JSON are left out, as is a last line that was never finished. Throws "file.read",
 * and "trace.invalid" at a broken line or when there is no message at all.
 */
export function* readTrace(file: string | number, name: string): Generator<StatusResponse, void> {
  let line = 0;
  let messages = 0;
  for (const { text, isWhole } of readLines(file, name)) {
    line++;
    if (!text.startsWith("{")) continue;
    try {
      const message = parseRawJson(text);
      messages++;
      yield message;
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      if (isWhole) throw broken(error.message, name, line);
    }
  }
  if (messages > 0) return;
  throw new LuakitError("trace.invalid", `"${name}" has no status message of a build`, {
    hint: "luakit build --solve --trace FILE and buildctl build --trace FILE write such files",
  });
}

function broken(problem: string, file: string, line: number): LuakitError {
  return new LuakitError("trace.invalid", `no status message of a build: ${problem}`, { position: { file, line } });
}

interface Line {
  readonly text: string;
  /** False for what follows the last newline. */
  readonly isWhole: boolean;
}

function* readLines(file: string | number, name: string): Generator<Line, void> {
  const descriptor = typeof file === "number" ? file : attempt(name, () => openSync(file, "r"));
  try {
    const decoder = new TextDecoder();
    const chunk = new Uint8Array(chunkSize);
    let rest = "";
    for (;;) {
      const read = attempt(name, () => readSync(descriptor, chunk, 0, chunk.length, null));
      const parts = (rest + decoder.decode(chunk.subarray(0, read), { stream: read > 0 })).split("\n");
      rest = parts.pop() ?? "";
      if (rest.length > longestLine) throw new LuakitError("trace.invalid", `"${name}" has a line without an end`);
      for (const text of parts) yield { text: text.trim(), isWhole: true };
      if (read === 0) break;
    }
    if (rest !== "") yield { text: rest.trim(), isWhole: false };
  } finally {
    if (typeof file === "string") closeSync(descriptor);
  }
}

function attempt<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw cannotRead(`"${name}"`, error);
  }
}

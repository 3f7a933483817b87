import { closeSync, openSync } from "node:fs";
import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotWrite } from "../diagnostic/system-error.ts";
import type { StatusResponse } from "../gen/control.ts";
import { DescriptorOutput } from "./descriptor-output.ts";
import type { Schedule } from "./display.ts";
import type { ProgressOutput } from "./output.ts";
import { RawJsonDisplay } from "./raw-json-display.ts";

/** A file that gets every status message of a build, one a line, as that of `buildctl build --trace`. */
export interface TraceFile {
  take(status: StatusResponse): void;
  /** Settles when the reader of a pipe has kept up; undefined when it has. */
  drained(): Promise<void> | undefined;
  /** Writes what is left, at once, and closes the file. Gives the "file.write" that kept it from being complete. */
  end(): LuakitError | undefined;
}

/** Milliseconds for which the reader of a pipe is waited for. */
const patience = 300;

/** Opens a file, empty from now on, that only its owner may read. Throws "file.write". */
export function openTraceFile(path: string, schedule: Schedule): TraceFile {
  const descriptor = openEmpty(path);
  const look = { isTerminal: false, color: false, size: () => ({ columns: 80, rows: 24 }) };
  const file = new DescriptorOutput(descriptor, look);
  let failure: LuakitError | undefined;
  const attempt = (write: () => void) => {
    if (failure !== undefined) return;
    try {
      write();
    } catch (error) {
      // A full disk is no reason to lose the build.
      failure = cannotWrite(`"${path}"`, error);
    }
  };
  const output: ProgressOutput = {
    ...look,
    columns: () => 80,
    rows: () => 24,
    write: (text) => attempt(() => file.write(text)),
  };
  const lines = new RawJsonDisplay(output, schedule);
  return {
    take: (status) => lines.update(status),
    drained: () => file.drained(),
    end() {
      lines.end();
      attempt(() => file.flush(patience));
      if (failure === undefined) attempt(() => file.close());
      closeSync(descriptor);
      return failure;
    },
  };
}

function openEmpty(path: string): number {
  try {
    return openSync(path, "w", 0o600);
  } catch (error) {
    throw cannotWrite(`"${path}"`, error);
  }
}

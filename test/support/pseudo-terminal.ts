import { dlopen } from "bun:ffi";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";

/** A terminal that shows only what its test reads. */
export interface PseudoTerminal extends Disposable {
  /** For a process's stderr. */
  readonly descriptor: number;
  /** What was written since the last time, as far as there is something: not more than `most` bytes. "" behind its end. */
  read(most?: number): string;
  /** Writes until nothing more is taken. */
  fill(): void;
}

export function openPseudoTerminal(): PseudoTerminal {
  const { symbols: libc } = dlopen("libc.so.6", {
    posix_openpt: { args: ["i32"], returns: "i32" },
    grantpt: { args: ["i32"], returns: "i32" },
    unlockpt: { args: ["i32"], returns: "i32" },
    ptsname: { args: ["i32"], returns: "cstring" },
  });
  const master = libc.posix_openpt(constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  libc.grantpt(master);
  libc.unlockpt(master);
  const descriptor = openSync(String(libc.ptsname(master)), constants.O_RDWR | constants.O_NOCTTY);
  let isOpen = true;
  return {
    descriptor,
    read(most) {
      // The number of a closed descriptor may be that of another file by now, whose reads block.
      if (!isOpen) return "";
      return most === undefined ? readAll(master) : readSome(master, most);
    },
    fill: () => fill(descriptor),
    [Symbol.dispose]() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(descriptor);
      closeSync(master);
    },
  };
}

function fill(descriptor: number): void {
  const own = openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    for (;;) writeSync(own, ".");
  } catch {
    // EAGAIN: it is full.
  } finally {
    closeSync(own);
  }
}

function readSome(descriptor: number, most: number): string {
  const bytes = new Uint8Array(most);
  try {
    return new TextDecoder().decode(bytes.subarray(0, readSync(descriptor, bytes)));
  } catch {
    // EAGAIN: nothing there.
    return "";
  }
}

/** Everything that waits in a pipe or a terminal whose reads do not block. */
export function readAll(descriptor: number): string {
  const bytes = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    try {
      const length = readSync(descriptor, bytes);
      if (length === 0) return text;
      text += new TextDecoder().decode(bytes.subarray(0, length));
    } catch {
      // EAGAIN: nothing more.
      return text;
    }
  }
}

/** Lets single keys be read; output and the keys that send signals stay as they are. */
export interface KeyMode {
  begin(): void;
  end(): void;
}

/** Where `struct termios` has its local modes, and the bits of line editing and of echo in them. */
const layouts: Readonly<Record<string, { readonly at: number; readonly bits: number }>> = {
  linux: { at: 12, bits: 0x2 | 0x8 },
  darwin: { at: 24, bits: 0x100 | 0x8 },
};
const libraries = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "libSystem.B.dylib"];
/** More than any system has in a `struct termios`. */
const termiosBytes = 256;

/**
 * The mode of stdin's terminal; undefined where it is none, or not ours: a process in the background is stopped when it
 * changes how its terminal behaves. The runtime's own raw mode would end lines of output without going to the first column.
 */
export function openKeyMode(): KeyMode | undefined {
  const { stdin } = process;
  if (!stdin.isTTY) return undefined;
  if (process.platform === "win32") return { begin: () => stdin.setRawMode(true), end: () => stdin.setRawMode(false) };
  const layout = layouts[process.platform];
  const libc = openLibc();
  if (layout === undefined || libc === undefined) return undefined;
  const { symbols, ptr } = libc;
  // Without a terminal that controls it, nothing stops a process.
  if (![-1, symbols.getpgrp()].includes(symbols.tcgetpgrp(0))) return undefined;
  const before = new Uint8Array(termiosBytes);
  if (symbols.tcgetattr(0, ptr(before)) !== 0) return undefined;
  const keys = before.slice();
  const view = new DataView(keys.buffer);
  view.setUint32(layout.at, view.getUint32(layout.at, true) & ~layout.bits, true);
  return {
    begin: () => void symbols.tcsetattr(0, 0, ptr(keys)),
    end: () => void symbols.tcsetattr(0, 0, ptr(before)),
  };
}

function openLibc() {
  const { dlopen, ptr } = process.getBuiltinModule("bun:ffi") as typeof import("bun:ffi");
  for (const name of libraries) {
    try {
      const { symbols } = dlopen(name, {
        tcgetattr: { args: ["i32", "ptr"], returns: "i32" },
        tcsetattr: { args: ["i32", "i32", "ptr"], returns: "i32" },
        tcgetpgrp: { args: ["i32"], returns: "i32" },
        getpgrp: { args: [], returns: "i32" },
      });
      return { symbols, ptr };
    } catch {
      // No library of this name: the next one.
    }
  }
  return undefined;
}

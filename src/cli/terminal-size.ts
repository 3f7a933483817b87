/** Columns and rows. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

const libraries = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "libSystem.B.dylib"];
const windowSize = process.platform === "darwin" ? 0x40087468 : 0x5413;

/** Asks the terminal of a descriptor, now; undefined where that fails. node:tty can too, but takes 25 ms to load. */
export function openTerminalSize(descriptor: number): () => TerminalSize | undefined {
  const symbols = openSymbols();
  const { ptr } = ffi();
  // struct winsize: rows, columns, and pixels that nobody fills in.
  const answer = new Uint16Array(4);
  return () => {
    if (symbols === undefined || symbols.ioctl(descriptor, windowSize, ptr(answer)) !== 0) return undefined;
    const [rows = 0, columns = 0] = answer;
    return columns === 0 || rows === 0 ? undefined : { columns, rows };
  };
}

/** Whether a descriptor is a terminal; undefined where the system's library is not known. */
export function isTerminal(descriptor: number): boolean | undefined {
  const symbols = openSymbols();
  return symbols === undefined ? undefined : symbols.isatty(descriptor) === 1;
}

/** Loaded when it is needed: most runs ask no terminal. */
function ffi(): typeof import("bun:ffi") {
  return process.getBuiltinModule("bun:ffi") as typeof import("bun:ffi");
}

function openSymbols() {
  for (const name of libraries) {
    try {
      const { symbols } = ffi().dlopen(name, {
        ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
        isatty: { args: ["i32"], returns: "i32" },
      });
      return symbols;
    } catch {
      // No library of this name: the next one.
    }
  }
  return undefined;
}

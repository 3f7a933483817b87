import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";

/** Puts `text` in the place of a file, at once or not at all; links lead to what is replaced, and the mode stays. */
export function replaceFile(path: string, text: string): void {
  let fresh: string | undefined;
  try {
    const real = realpathSync(path);
    const { mode, uid, gid } = statSync(real);
    fresh = join(dirname(real), `.luakit-fmt-${process.pid}`);
    const descriptor = openSync(fresh, "wx", 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
      if (process.getuid?.() === 0) chownSync(fresh, uid, gid);
      fchmodSync(descriptor, mode & 0o7777);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, real);
  } catch (cause) {
    if (fresh !== undefined) rmSync(fresh, { force: true });
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new LuakitError("file.write", `cannot write "${path}": ${code}`, { cause });
  }
}

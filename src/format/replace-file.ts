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
import { cannotWrite } from "../diagnostic/system-error.ts";

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
    if (fresh !== undefined) removeIfPossible(fresh);
    throw cannotWrite(`"${path}"`, cause);
  }
}

/** What kept the file from being written may keep this from being removed, and it is what people are to be told. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A disk that turned read-only, for example.
  }
}

import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A filesystem of its own with room for so many MiB, for root to make. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Nothing can be written any more. */
  makeReadOnly(): void;
  /** Gives it room for so many bytes, those that are taken included. */
  resize(bytes: number): void;
}

export function openSmallDisk(mebibytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "luakit-disk-"));
  run("mount", "-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", path);
  return {
    path,
    resize: (bytes) => run("mount", "-o", `remount,size=${Math.ceil(bytes / 1024)}k`, path),
    makeReadOnly: () => run("mount", "-o", "remount,ro", path),
    [Symbol.dispose]() {
      run("umount", "--lazy", path);
      rmdirSync(path);
    },
  };
}

function run(...command: string[]): void {
  const { success, stderr } = Bun.spawnSync(command);
  if (!success) throw new Error(`${command.join(" ")}: ${stderr}`);
}

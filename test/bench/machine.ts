import { readFileSync, statfsSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";

/** What the figures were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly system: string;
  readonly kernel: string;
  /** Of the folder that the files are in. */
  readonly fileSystem: string;
  /** Processes that wanted to run in the minute before. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() || process.arch,
    cores: processors.length,
    memory: totalmem(),
    system: /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? process.platform,
    kernel: release(),
    fileSystem: fileSystemOf(tmpdir()),
    load: Number(readFileSync("/proc/loadavg", "utf8").split(" ")[0]),
  };
}

/** The names of the numbers that `statfs` gives, for those that builds are likely to be on. */
const fileSystems: Readonly<Record<number, string>> = {
  61267: "ext4",
  1481003842: "xfs",
  2435016766: "btrfs",
  16914836: "tmpfs",
  2035054128: "overlayfs",
  801189825: "zfs",
};

function fileSystemOf(path: string): string {
  const { type } = statfsSync(path);
  return fileSystems[type] ?? `0x${type.toString(16)}`;
}

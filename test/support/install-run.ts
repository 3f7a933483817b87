import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult } from "../../scripts/testbed/command.ts";
import { needProgram } from "../../scripts/testbed/debian.ts";
import { installScript } from "./release-folder.ts";

/** A home, and a PATH with few programs. */
export interface InstallPlace {
  readonly home: string;
  readonly bin: string;
}

export interface InstallOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: dash. */
  readonly shell?: readonly string[];
  /** What the shell is started by, such as `setpriv`. */
  readonly by?: readonly string[];
}

/** What `install.sh` is made of beside the shell. */
const base = [
  ...["cat", "chmod", "cut", "dirname", "getconf", "grep", "gzip", "id", "ldd", "mkdir", "mktemp", "mv", "rm", "rmdir"],
  ...["sed", "sh", "tail", "tar", "uname"],
];

/** `programs` come beside what is always needed; `fakes` are shell scripts by name. */
export function makeInstallPlace(
  directory: string,
  programs: readonly string[],
  fakes: Readonly<Record<string, string>> = {},
): InstallPlace {
  const place = { home: join(directory, "home"), bin: join(directory, "bin") };
  for (const each of [place.home, place.bin]) mkdirSync(each, { recursive: true });
  for (const [name, script] of Object.entries(fakes)) {
    writeFileSync(join(place.bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const real = [...base, ...programs].filter((name) => !(name in fakes));
  for (const name of real) symlinkSync(needProgram(name), join(place.bin, name));
  return place;
}

/** Starts `install.sh`; nothing of the test's environment reaches it. */
export function startInstall(
  place: InstallPlace,
  options: InstallOptions = {},
): Bun.Subprocess<"ignore", "pipe", "pipe"> {
  const { args = [], env = {}, shell = [needProgram("dash")], by = [] } = options;
  return Bun.spawn([...by, ...shell, installScript, ...args], {
    cwd: place.home,
    env: { PATH: place.bin, HOME: place.home, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Runs `install.sh` to its end. */
export async function runInstall(place: InstallPlace, options: InstallOptions = {}): Promise<CommandResult> {
  const child = startInstall(place, options);
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}

/** All files and directories below the home, sorted. */
export function listHome({ home }: InstallPlace): readonly string[] {
  return readdirSync(home, { recursive: true, encoding: "utf8" }).sort();
}

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.ts";
import { say, step } from "./progress.ts";
import { TestbedUnavailable } from "./unavailable.ts";

const aptGet = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-q", "-y"];
const policy = "/usr/sbin/policy-rc.d";

/** Installs the Debian packages that are needed for programs not found; `programs` maps program to package. */
export async function installPrograms(programs: Readonly<Record<string, string>>): Promise<void> {
  const missing = Object.entries(programs).filter(([program]) => !findProgram(program));
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (packages.length === 0) return;
  if (!findProgram("apt-get"))
    throw new TestbedUnavailable(packages.join(", "), "there is no apt-get to install them with");
  if (process.getuid?.() !== 0) throw new TestbedUnavailable(packages.join(", "), "only root can install them");
  await step(`apt-get update`, () => run([...aptGet, "update"]));
  await step(`installing Debian packages ${packages.join(" ")}`, () =>
    withoutServices(() => installPackages(packages)),
  );
}

/** Absolute path of a program, administrators' directories included. */
export function findProgram(name: string): string | undefined {
  if (name.startsWith("/")) return existsSync(name) ? name : undefined;
  const path = `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`;
  return Bun.which(name, { PATH: path }) ?? undefined;
}

/** As {@link findProgram}, for one that was installed before. */
export function needProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new TestbedUnavailable(name, "it is not on PATH");
  return path;
}

/** Downloads to a directory of its own: on machines that began as an image every apt empties the usual one as it ends. */
async function installPackages(packages: readonly string[]): Promise<void> {
  const archives = mkdtempSync(join(tmpdir(), "luakit-packages-"));
  mkdirSync(join(archives, "partial"));
  try {
    const options = ["--no-install-recommends", "-o", `Dir::Cache::archives=${archives}`];
    await run([...aptGet, "install", ...options, ...packages], { env: { DEBIAN_FRONTEND: "noninteractive" } });
  } finally {
    rmSync(archives, { recursive: true, force: true });
  }
}

/** Keeps the packages' own daemons (registry, sshd, dockerd) from being started on the machine. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(policy)) return work();
  try {
    writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  } catch (error) {
    say(`cannot write ${policy}, packages may start their daemons: ${error}`);
  }
  try {
    await work();
  } finally {
    rmSync(policy, { force: true });
  }
}

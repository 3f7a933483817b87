import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { needProgram } from "../../scripts/testbed/debian.ts";
import type { Room } from "./document-furnishing.ts";
import { removeTraces } from "./own-buildkitd.ts";
import { testbed } from "./testbed.ts";

/**
 * `buildkitd`, which finds Docker Hub's images in the testbed's registry, with PATH of a machine that has runc. Daemons
 * that a page starts, and whose process ids it writes to `*.pid`, end with it.
 */
export async function buildkitdOnPath({ home, bin, cwd, stack }: Room): Promise<Record<string, string>> {
  const { buildkitd, registry } = testbed();
  const config = join(home, "buildkitd.toml");
  const lines = [
    "[worker.oci]",
    "gc = false",
    `binary = ${JSON.stringify(needProgram("runc"))}`,
    `defaultCgroupParent = ${JSON.stringify(basename(home))}`,
    `networkMode = "host"`,
    `[registry."docker.io"]`,
    `mirrors = [${JSON.stringify(registry)}]`,
    `[registry.${JSON.stringify(registry)}]`,
    "http = true",
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  const script = `#!/bin/sh\nexec ${buildkitd} --config ${config} "$@"\n`;
  writeFileSync(join(bin, "buildkitd"), script, { mode: 0o755 });
  stack.defer(async () => {
    for (const file of readdirSync(cwd).filter((name) => name.endsWith(".pid"))) {
      await endProcess(Number(readFileSync(join(cwd, file), "utf8")));
    }
    await removeTraces(home);
  });
  return {};
}

/** A daemon has some seconds to end in order. */
async function endProcess(pid: number): Promise<void> {
  if (!Number.isInteger(pid) || pid <= 1) return;
  for (let waited = 0; isAlive(pid); waited++) {
    process.kill(pid, waited < 100 ? "SIGTERM" : "SIGKILL");
    await Bun.sleep(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    // The number may be another's by now.
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("buildkitd");
  } catch {
    return false;
  }
}

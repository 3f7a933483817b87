import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";

/** The directory with the files of a Debian package, of this machine's release or of another, for any architecture; kept for later runs. */
export async function debianPackage(
  name: string,
  architecture: "amd64" | "arm64",
  release?: "trixie",
): Promise<string> {
  const cache = join(findPlace().cache, "packages");
  const directory = join(cache, [name, architecture, ...(release ? [release] : [])].join("-"));
  mkdirSync(cache, { recursive: true });
  return locked(cache, async () => {
    if (!existsSync(directory)) await unpack(name, architecture, directory, release);
    return directory;
  });
}

async function unpack(name: string, architecture: string, directory: string, release?: string): Promise<void> {
  const work = mkdtempSync(`${directory}-`);
  try {
    const state = join(work, "state");
    mkdirSync(join(state, "lists/partial"), { recursive: true });
    mkdirSync(join(work, "cache/archives/partial"), { recursive: true });
    writeFileSync(join(state, "status"), "");
    const options = [...ofItsOwn(work, architecture), ...(release ? sourcesOf(work, release) : [])];
    const apt = ["apt-get", "-q", ...options.flatMap((option) => ["-o", option])];
    await run([...apt, "update"]);
    await run([...apt, "download", `${name}:${architecture}`], { cwd: work });
    const archive = readdirSync(work).find((file) => file.endsWith(".deb")) ?? "";
    await run(["dpkg-deb", "-x", join(work, archive), join(work, "root")]);
    renameSync(join(work, "root"), directory);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The machine's own Debian sources, for another release. */
function sourcesOf(work: string, release: string): readonly string[] {
  const from = "/etc/apt/sources.list.d/debian.sources";
  const parts = join(work, "parts");
  mkdirSync(parts);
  writeFileSync(join(parts, "debian.sources"), readFileSync(from, "utf8").replaceAll("bookworm", release));
  return [`Dir::Etc::SourceParts=${parts}`, "Dir::Etc::SourceList=/dev/null"];
}

/** The machine's own apt knows its own architecture only, and stays as it is. */
function ofItsOwn(work: string, architecture: string): readonly string[] {
  return [
    `APT::Architecture=${architecture}`,
    `APT::Architectures::=${architecture}`,
    `Dir::State=${join(work, "state")}`,
    `Dir::State::status=${join(work, "state/status")}`,
    `Dir::Cache=${join(work, "cache")}`,
    "Acquire::Languages=none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
    "APT::Sandbox::User=root",
  ];
}

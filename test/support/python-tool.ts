import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CommandResult, capture, run } from "../../scripts/testbed/command.ts";
import { installPrograms, needProgram } from "../../scripts/testbed/debian.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace, hashFiles } from "../../scripts/testbed/place.ts";

const pinned = resolve(import.meta.dir, "python");

/** Checks a file against a JSON schema that check-jsonschema brings, such as `gitlab-ci`; exit code 0 when it fits. */
export async function checkSchema(schema: string, file: string): Promise<CommandResult> {
  const packages = await installPackages();
  const argv = ["-m", "check_jsonschema", "--builtin-schema", `vendor.${schema}`, file];
  return capture([needProgram("python3"), ...argv], { env: { PYTHONPATH: packages } });
}

/** Looks for weaknesses of actions and workflows, such as inputs that become part of a script; exit code 0 without any. */
export async function zizmor(files: readonly string[]): Promise<CommandResult> {
  const packages = await installPackages();
  const argv = ["--offline", "--no-progress", "--config", join(pinned, "zizmor.yml"), ...files];
  return capture([join(packages, "bin/zizmor"), ...argv]);
}

/** The directory of the packages that requirements.txt pins, installed once. */
async function installPackages(): Promise<string> {
  const { cache } = findPlace();
  return locked(cache, async () => {
    const directory = join(cache, `python-${hashFiles(pinned, ["requirements.txt"])}`);
    if (existsSync(directory)) return directory;
    await installPrograms({ python3: "python3", pip3: "python3-pip" });
    mkdirSync(cache, { recursive: true });
    const unfinished = `${directory}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    const flags = ["--quiet", "--no-deps", "--only-binary", ":all:", "--target", unfinished];
    await run([needProgram("pip3"), "install", ...flags, "-r", join(pinned, "requirements.txt")]);
    renameSync(unfinished, directory);
    return directory;
  });
}

import { existsSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { capture, run } from "../../scripts/testbed/command.ts";
import { findProgram } from "../../scripts/testbed/debian.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { step } from "../../scripts/testbed/progress.ts";
import { TestbedUnavailable } from "../../scripts/testbed/unavailable.ts";

const version = "0.25.1";

/** It checks some hundred lines: what the release profile optimizes would take longer than it ever saves here. */
const quickBuild = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "1",
  CARGO_PROFILE_RELEASE_LTO: "off",
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
  CARGO_PROFILE_RELEASE_DEBUG: "0",
};

/** What the checker says of one place. */
export interface Complaint {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

interface Report {
  readonly file: string;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly range: { readonly start: { readonly line: number } };
  }[];
}

/** Checks the scripts of a folder by their types, with the definitions and the settings that are there. */
export async function checkTypes(directory: string): Promise<Complaint[]> {
  const program = await emmyluaCheck();
  const { stdout, stderr } = await capture([program, "--output-format", "json", directory]);
  if (!stdout.trimStart().startsWith("[")) throw new Error(`emmylua_check: ${stdout}${stderr}`);
  const reports: readonly Report[] = JSON.parse(stdout);
  return reports.flatMap(({ file, diagnostics }) =>
    diagnostics.map(({ code, message, range }) => ({
      file: file.replace(`${directory}/`, ""),
      line: range.start.line + 1,
      code,
      message,
    })),
  );
}

/** Milliseconds in which {@link emmyluaCheck} is built on a machine with much else to do. */
export const emmyluaTime = 1_500_000;

/** Path of the type checker for Lua, built once from its crate. */
export async function emmyluaCheck(): Promise<string> {
  const { cache } = findPlace();
  const directory = join(cache, `emmylua-check-${version}`);
  const program = join(directory, "bin/emmylua_check");
  if (existsSync(program)) return program;
  return locked(directory, async () => {
    if (existsSync(program)) return program;
    const unfinished = `${directory}.${process.pid}`;
    try {
      await step(`building emmylua_check ${version} (some minutes the first time)`, () =>
        run(
          [
            findCargo(),
            ...["install", "emmylua_check", "--version", version, "--locked", "--quiet"],
            "--root",
            unfinished,
          ],
          {
            env: quickBuild,
          },
        ),
      );
      renameSync(unfinished, directory);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
    return program;
  });
}

function findCargo(): string {
  const cargo = findProgram("cargo") ?? findProgram(join(homedir(), ".cargo/bin/cargo"));
  if (cargo === undefined) throw new TestbedUnavailable("Rust", "no `cargo` on PATH to build emmylua_check with");
  return cargo;
}

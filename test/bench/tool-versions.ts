import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, run } from "../../scripts/testbed/command.ts";
import { findProgram } from "../../scripts/testbed/debian.ts";
import type { Testbed } from "../../scripts/testbed/record.ts";
import type { Bench } from "./bench.ts";
import { bytes } from "./figure.ts";

/** What was compared, by version; luakit by its commit too. */
export async function toolVersions(bench: Bench, bed: Testbed | undefined): Promise<Record<string, string>> {
  const version = async (...argv: string[]) =>
    /\bv?\d+\.\d+\S*/.exec((await run(argv)).replace(/^go/, ""))?.[0] ?? "unknown";
  const size = bytes(Bun.file(bench.luakit).size);
  const own = await version(bench.luakit, "version");
  return {
    luakit: `${own}, commit ${await commit()}, an executable of ${size}`,
    Bun: Bun.version,
    ...(bed === undefined ? {} : { "buildkitd and buildctl": await version(bed.buildctl, "--version") }),
    ...(bed === undefined ? {} : { runc: await version(findProgram("runc") ?? "runc", "--version") }),
    ...(bed?.buildx === undefined ? {} : { buildx: await version(bed.buildx, "version") }),
    ...(bench.goLuakit === undefined
      ? {}
      : { "Go luakit": `${await version(bench.goLuakit, "version")}, made with ${await madeWith(bench.goLuakit)}` }),
    "grpc-go": grpcVersion(),
    Go: await version(goProgram(), "env", "GOVERSION"),
  };
}

/** The commit of the checkout, and whether there is more than it. */
async function commit(): Promise<string> {
  const { exitCode, stdout } = await capture(["git", "rev-parse", "--short=12", "HEAD"]);
  if (exitCode !== 0) return "unknown";
  const changes = await capture(["git", "status", "--porcelain", "--", "src", "package.json", "bun.lock"]);
  return `${stdout.trim()}${changes.stdout === "" ? "" : " with changes"}`;
}

/** The Go that made an executable. */
async function madeWith(program: string): Promise<string> {
  const { stdout } = await capture([goProgram(), "version", program]);
  return /: (go\S+)/.exec(stdout)?.[1] ?? "an unknown Go";
}

function goProgram(): string {
  return findProgram("go") ?? "/usr/local/go/bin/go";
}

function grpcVersion(): string {
  const text = readFileSync(join(import.meta.dir, "go/bench/go.mod"), "utf8");
  return /google\.golang\.org\/grpc (v\S+)/.exec(text)?.[1] ?? "unknown";
}

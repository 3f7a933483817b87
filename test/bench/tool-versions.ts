import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, run } from "../../scripts/testbed/command.ts";
import { findProgram } from "../../scripts/testbed/debian.ts";
import type { Testbed } from "../../scripts/testbed/record.ts";
import type { Bench } from "./bench.ts";
import { bytes } from "./figure.ts";

/** What was compared, by version; luakit by its commit too. */
export async function toolVersions(bench: Bench, bed: Testbed | undefined): Promise<Record<string, string>> {
  const firstLine = async (...argv: string[]) => (await run(argv)).split("\n")[0]?.trim() ?? "";
  const size = bytes(Bun.file(bench.luakit).size);
  const own = await firstLine(bench.luakit, "version");
  return {
    luakit: `${own.replace(/^luakit /, "")}, commit ${await commit()}, an executable of ${size}`,
    Bun: Bun.version,
    ...(bed === undefined ? {} : { "buildkitd, buildctl": await firstLine(bed.buildctl, "--version") }),
    ...(bed === undefined ? {} : { runc: await firstLine(findProgram("runc") ?? "runc", "--version") }),
    ...(bed?.buildx === undefined ? {} : { buildx: await firstLine(bed.buildx, "version") }),
    ...(bench.goLuakit === undefined ? {} : { "Go luakit": await goModule(bench.goLuakit) }),
    "grpc-go": grpcVersion(),
    Go: await firstLine(findProgram("go") ?? "/usr/local/go/bin/go", "env", "GOVERSION"),
  };
}

/** The commit of the checkout, and whether there is more than it. */
async function commit(): Promise<string> {
  const { exitCode, stdout } = await capture(["git", "rev-parse", "--short=12", "HEAD"]);
  if (exitCode !== 0) return "unknown";
  const changes = await capture(["git", "status", "--porcelain", "--", "src", "package.json", "bun.lock"]);
  return `${stdout.trim()}${changes.stdout === "" ? "" : " with changes"}`;
}

/** The version that Go noted in an executable, and the Go that made it. */
async function goModule(program: string): Promise<string> {
  const { stdout } = await capture([findProgram("go") ?? "/usr/local/go/bin/go", "version", "-m", program]);
  const [, version = "unknown"] = /^\tmod\t\S+\t(\S+)/m.exec(stdout) ?? [];
  const [, go = "unknown"] = /: (go\S+)/.exec(stdout) ?? [];
  return `${version}, made with ${go}`;
}

function grpcVersion(): string {
  const text = readFileSync(join(import.meta.dir, "go/bench/go.mod"), "utf8");
  return /google\.golang\.org\/grpc (v\S+)/.exec(text)?.[1] ?? "unknown";
}

import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { capture, run } from "./command.ts";
import { findProgram } from "./debian.ts";
import { hashFiles, type Place } from "./place.ts";
import { step } from "./progress.ts";
import { TestbedUnavailable } from "./unavailable.ts";

/** One executable of a Go module that our own module under `go/<module>` pins. */
export interface GoTool {
  readonly module: string;
  readonly version: string;
  readonly package: string;
  /** Import path of the variable that the executable prints as its version. */
  readonly versionVariable: string;
}

/** Path of the built tool; builds it unless the cache has it. */
export async function buildGoTool(place: Place, tool: GoTool): Promise<string> {
  const name = tool.package.replace(/^.*\//, "");
  const source = join(place.scripts, "go", tool.module);
  const directory = join(place.cache, "bin", `${tool.module}-${tool.version}-${hashFiles(source, ["."])}`);
  const path = join(directory, name);
  if (existsSync(path)) return path;
  const go = await findGo();
  mkdirSync(directory, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  const flags = `-s -w -X ${tool.versionVariable}=${tool.version}`;
  await step(`building ${name} ${tool.version} (one to three minutes the first time)`, () =>
    run([go, "build", "-mod=readonly", "-trimpath", "-ldflags", flags, "-o", unfinished, tool.package], {
      cwd: source,
      env: { CGO_ENABLED: "0", GOWORK: "off" },
    }),
  );
  renameSync(unfinished, path);
  return path;
}

async function findGo(): Promise<string> {
  const go = findProgram("go") ?? findProgram("/usr/local/go/bin/go");
  if (go === undefined) throw new TestbedUnavailable("Go", "no `go` on PATH to build buildkitd with");
  const version = (await capture([go, "env", "GOVERSION"])).stdout.trim();
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? 0);
  // From 1.21 on, Go fetches the newer toolchain that a go.mod names by itself.
  if (minor < 21) throw new TestbedUnavailable("Go 1.21 or newer", `${go} is ${version}`);
  return go;
}

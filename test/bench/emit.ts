import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contender, formatRow, measure } from "./measure.ts";

/** How long it takes from a script to a Definition, as whole processes, beside the Go luakit where there is one. */
export interface EmitBenchOptions {
  readonly luakit: string;
  readonly buildctl: string | undefined;
  readonly goLuakit: string | undefined;
}

/** Ops in the script, and how often it is run. The Go tool's time grows with the square, so it stops at 10,000. */
const sizes = [
  { ops: 1, rounds: 20 },
  { ops: 100, rounds: 20 },
  { ops: 1_000, rounds: 15 },
  { ops: 10_000, rounds: 7 },
  { ops: 100_000, rounds: 3 },
];
const largestForGo = 10_000;

export function benchEmit(options: EmitBenchOptions): string[] {
  const folder = mkdtempSync(join(tmpdir(), "luakit-bench-"));
  try {
    const rows = versionRows(options);
    for (const { ops, rounds } of sizes) {
      const script = join(folder, `ops-${ops}.lua`);
      writeFileSync(script, chain(ops));
      // To a file, because 100,000 ops are more than a daemon takes, and a pipe to one refuses them.
      const command = [options.luakit, "build", "--no-resolve", "-o", "/dev/null", script];
      const contenders: Contender[] = [{ name: "luakit", command }];
      if (options.goLuakit !== undefined && ops <= largestForGo) {
        contenders.push({ name: "Go luakit", command: [options.goLuakit, "build", script] });
      }
      rows.push(...formatRow(ops === 1 ? "hello" : `${ops.toLocaleString("en")} ops`, measure(contenders, rounds)));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function versionRows(options: EmitBenchOptions): string[] {
  const contenders: Contender[] = [{ name: "luakit", command: [options.luakit, "version"] }];
  if (options.buildctl !== undefined && existsSync(options.buildctl)) {
    contenders.push({ name: "buildctl", command: [options.buildctl, "--version"] });
  }
  if (options.goLuakit !== undefined) contenders.push({ name: "Go luakit", command: [options.goLuakit, "version"] });
  return formatRow("version", measure(contenders, 20));
}

/** A script that both tools take: a local directory and a chain of steps. */
function chain(ops: number): string {
  return `local state = bk.local_("context")
for index = 1, ${ops} do
  state = state:run("echo " .. index, { env = { STEP = tostring(index) }, cwd = "/" })
end
bk.export(state)
`;
}

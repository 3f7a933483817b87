import type { BuildctlOptions, BuildctlResult } from "./testbed.ts";

/** What `luakit build --solve` is asked for, in buildctl's words. */
export interface SolveHereOptions extends Required<Omit<BuildctlOptions, "definition" | "frontend" | "opts">> {
  /** The executable. */
  readonly luakit: string;
  /** Where `build.lua` is. */
  readonly directory: string;
  readonly flags: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly progress: "plain" | "rawjson";
}

/** Builds `build.lua` of a directory with luakit alone. */
export async function solveHere(options: SolveHereOptions): Promise<BuildctlResult> {
  const repeat = (flag: string, values: readonly string[]) => values.map((value) => `--${flag}=${value}`);
  const pairs = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const argv = [
    ...[options.luakit, "build", "--solve", `--addr=${options.addr}`, `--progress=${options.progress}`],
    ...options.flags,
    ...repeat("build-arg", pairs(options.buildArgs)),
    ...repeat("local", pairs(options.locals)),
    ...repeat("output", options.output),
    ...repeat("secret", options.secrets),
    ...repeat("ssh", options.ssh),
    ...repeat("allow", options.allow),
    ...options.args,
    "build.lua",
  ];
  const child = Bun.spawn(argv, {
    cwd: options.directory,
    env: { ...process.env, ...options.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}

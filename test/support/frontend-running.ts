import { unique } from "./build.ts";
import { gatewayImage } from "./gateway-image.ts";
import { processesWithVariable } from "./processes.ts";
import { until } from "./running.ts";
import { testbed } from "./testbed.ts";

/** A build that buildctl has a daemon make, whose frontend and steps are found among the machine's processes. */
export interface RunningBuild {
  /** Waits until the frontend's process is there, for longer than a moment. */
  frontend(): Promise<number>;
  /** Waits until a step that has `MARK`, which is a build argument, among its variables runs. */
  step(): Promise<number>;
  /** Of buildctl. */
  signal(name: NodeJS.Signals): void;
  /** What is still there of the build on the daemon: names of programs. */
  left(): readonly string[];
  readonly ended: Promise<{ readonly exitCode: number; readonly text: string }>;
}

/** Starts a build of a directory's `build.lua` without waiting for anything. */
export async function startBuild(directory: string, addr: string): Promise<RunningBuild> {
  const mark = unique();
  const options = [
    `--frontend=gateway.v0`,
    `--opt=source=${await gatewayImage()}`,
    `--opt=filename=build.lua`,
    `--opt=build-arg:MARK=${mark}`,
    `--local=dockerfile=${directory}`,
    `--local=context=${directory}`,
  ];
  const argv = [testbed().buildctl, "--addr", addr, "build", "--progress=plain", ...options];
  const child = Bun.spawn(argv, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const texts = Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const find = async (isWanted: (program: string) => boolean) => {
    const found = () => processesWithVariable(mark).find(({ program }) => isWanted(program));
    await until(
      () => found() !== undefined,
      () => (child.exitCode === null ? undefined : `buildctl has ended with ${child.exitCode}`),
    );
    // It is now within what it does.
    await Bun.sleep(500);
    return found()?.pid ?? 0;
  };
  return {
    frontend: () => find((program) => program === "luakit"),
    step: () => find((program) => program !== "luakit"),
    signal: (name) => child.kill(name),
    left: () => processesWithVariable(mark).map(({ program }) => program),
    ended: Promise.all([child.exited, texts]).then(([exitCode, [stdout, stderr]]) => ({
      exitCode,
      text: stdout + stderr,
    })),
  };
}

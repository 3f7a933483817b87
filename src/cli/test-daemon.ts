import { askTraits } from "../client/daemon-traits.ts";
import { openDaemon } from "../client/open-daemon.ts";
import { formatPlatform } from "../oci/platform.ts";
import { DaemonAnswers } from "../suite/daemon-answers.ts";
import type { Answerer } from "../suite/run-suite.ts";
import type { Input } from "./command.ts";
import { hostEnvironment } from "./host-environment.ts";
import { hostPlatform } from "./host-platform.ts";
import type { Interrupt } from "./interrupt.ts";
import { readBuildRequest } from "./solve-flags.ts";
import type { Terminal } from "./terminal.ts";

/** The daemon that tests build on. */
export interface TestDaemon {
  /** What it builds for without emulation. */
  readonly platform: string;
  readonly openAnswerer: () => Answerer;
  close(): Promise<void>;
}

/** Connects to the daemon that the command line names, or that is found. */
export async function openTestDaemon(input: Input, terminal: Terminal, interrupt: Interrupt): Promise<TestDaemon> {
  const request = await readBuildRequest(input, terminal);
  const host = hostEnvironment(terminal);
  const { signal, lastCall } = interrupt;
  const notify = (line: string) => terminal.error(`${line}\n`);
  const connection = await openDaemon(request.daemon, host, { signal, notify });
  lastCall.addEventListener("abort", () => connection.channel.destroy());
  const traits = await askTraits(connection.channel, connection.kind, signal);
  return {
    platform: formatPlatform(traits.platform ?? hostPlatform()),
    openAnswerer: () => new DaemonAnswers({ connection, traits, host, request, signal }),
    close: () => connection.close(),
  };
}

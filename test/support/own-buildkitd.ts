import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { canConnect } from "../../scripts/testbed/buildkitd.ts";
import { capture } from "../../scripts/testbed/command.ts";
import { needProgram } from "../../scripts/testbed/debian.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { removeCgroups, stopSteps } from "../../scripts/testbed/step-cgroup.ts";
import { testbed } from "./testbed.ts";

export interface OwnBuildkitdOptions {
  /** Also listens on a port of 127.0.0.1. */
  readonly tcp?: boolean;
  /** PEM text; the port has TLS then, and with `ca` asks for a client's certificate. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** What its worker says that it builds for; default: what this machine runs. */
  readonly platforms?: readonly string[];
  /** Registry to the one that is asked in its place. */
  readonly mirrors?: Readonly<Record<string, string>>;
  /** Steps that it runs at the same time; default: as many as there are. */
  readonly maxParallelism?: number;
  /** Another program than the testbed's newest. */
  readonly program?: string;
  /** What builds may ask for with `--allow`; default: nothing. */
  readonly entitlements?: readonly string[];
  /** Tells of itself on a port of 127.0.0.1: `debug`. */
  readonly debug?: boolean;
  /** Variables beside those of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where its directory is made; default: where temporary files are. */
  readonly parent?: string;
}

/** A daemon of a test's own, which the test may stop or kill. */
export interface OwnBuildkitd extends AsyncDisposable {
  readonly pid: number;
  /** `unix://…`, always without TLS. */
  readonly addr: string;
  /** `tcp://127.0.0.1:port`; empty without `tcp`. */
  readonly tcp: string;
  /** `http://127.0.0.1:port` of Go's own pages about a process, such as /debug/pprof; empty without `debug`. */
  readonly debug: string;
  readonly directory: string;
  signal(name: NodeJS.Signals): void;
  /** Resolves when the process has ended. */
  readonly exited: Promise<unknown>;
  /** Ends it and removes all that it had. */
  stop(): Promise<void>;
}

/** Starts the testbed's newest buildkitd with an empty root; steps have the network of the machine. */
export async function startOwnBuildkitd(options: OwnBuildkitdOptions = {}): Promise<OwnBuildkitd> {
  const directory = mkdtempSync(join(options.parent ?? tmpdir(), "luakit-buildkitd-"));
  const tcp = options.tcp === true ? `tcp://127.0.0.1:${freePort()}` : "";
  const debug = options.debug === true ? `127.0.0.1:${freePort()}` : "";
  const socket = join(directory, "buildkitd.sock");
  writeFileSync(join(directory, "buildkitd.toml"), formatConfig(directory, { socket, tcp, debug }, options));
  const log = openSync(join(directory, "log"), "a");
  const child = Bun.spawn([options.program ?? testbed().buildkitd, "--config", join(directory, "buildkitd.toml")], {
    env: { ...process.env, ...options.env },
    stdin: "ignore",
    stdout: log,
    stderr: log,
    detached: true,
  });
  closeSync(log);
  const stop = async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await child.exited;
    clearTimeout(timer);
    await removeTraces(directory);
  };
  try {
    await waitFor(child, socket, join(directory, "log"));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: child.pid,
    addr: `unix://${socket}`,
    tcp,
    debug: debug === "" ? "" : `http://${debug}`,
    directory,
    signal: (name) => child.kill(name),
    exited: child.exited,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A daemon that was killed leaves steps that run, and their mounts. */
export async function removeTraces(directory: string): Promise<void> {
  const place = { ...findPlace(), state: directory };
  stopSteps(place);
  await removeMounted(directory);
  removeCgroups(place);
}

/** Removes a directory in which a daemon that was killed has left mounts. */
export async function removeMounted(directory: string): Promise<void> {
  const points = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "");
  for (const point of points.filter((path) => path.startsWith(`${directory}/`)).reverse()) {
    await capture(["umount", "--lazy", point]);
  }
  rmSync(directory, { recursive: true, force: true });
}

async function waitFor(child: Bun.Subprocess, socket: string, log: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await Bun.sleep(20)) {
    if (readFileSync(log, "utf8").includes("running server on") && (await canConnect(socket))) return;
    if (child.exitCode === null && Date.now() < deadline) continue;
    throw new Error(`buildkitd did not start:\n${readFileSync(log, "utf8").slice(-2000)}`);
  }
}

interface Listeners {
  readonly socket: string;
  readonly tcp: string;
  readonly debug: string;
}

function formatConfig(directory: string, { socket, tcp, debug }: Listeners, options: OwnBuildkitdOptions): string {
  const bed = testbed();
  const { tls, platforms, mirrors = {}, maxParallelism, entitlements = [] } = options;
  const addresses = [`unix://${socket}`, ...(tcp === "" ? [] : [tcp])];
  const lines = [
    `root = ${JSON.stringify(join(directory, "root"))}`,
    ...(entitlements.length === 0 ? [] : [`insecure-entitlements = ${JSON.stringify(entitlements)}`]),
    "[grpc]",
    `address = ${JSON.stringify(addresses)}`,
    ...(debug === "" ? [] : [`debugAddress = ${JSON.stringify(debug)}`]),
    ...(tls === undefined ? [] : formatTls(directory, tls)),
    "[worker.oci]",
    "enabled = true",
    "gc = false",
    `snapshotter = "overlayfs"`,
    `binary = ${JSON.stringify(needProgram("runc"))}`,
    `defaultCgroupParent = ${JSON.stringify(basename(directory))}`,
    `networkMode = "host"`,
    ...(maxParallelism === undefined ? [] : [`max-parallelism = ${maxParallelism}`]),
    ...(platforms === undefined ? [] : [`platforms = ${JSON.stringify(platforms)}`]),
    "[worker.containerd]",
    "enabled = false",
    ...[bed.registry, bed.authRegistry.host].flatMap((host) => [`[registry.${JSON.stringify(host)}]`, "http = true"]),
    ...Object.entries(mirrors).flatMap(([host, mirror]) => [
      `[registry.${JSON.stringify(host)}]`,
      `mirrors = [${JSON.stringify(mirror)}]`,
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

function formatTls(directory: string, files: Readonly<Record<string, string>>): string[] {
  const lines = Object.entries(files).map(([name, text]) => {
    const path = join(directory, `${name}.pem`);
    writeFileSync(path, text, { mode: 0o600 });
    return `${name} = ${JSON.stringify(path)}`;
  });
  return ["[grpc.tls]", ...lines];
}

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

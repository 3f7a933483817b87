import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBackground, logFile } from "./background.ts";
import { canConnect } from "./buildkitd.ts";
import { capture, run } from "./command.ts";
import { needProgram } from "./debian.ts";
import type { Place } from "./place.ts";
import { choosePort } from "./port.ts";
import type { GitSsh } from "./record.ts";

/** Starts an sshd that lets one key in to read the repositories below `root`, and an agent that holds that key. */
export async function startSsh(place: Place, root: string): Promise<GitSsh> {
  const directory = join(place.state, "ssh");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const hostKey = await makeKey(directory, "host-key");
  const key = await makeKey(directory, "user-key");
  const port = await choosePort(place, "sshd");
  await startSshd(place, { directory, hostKey, key, port });
  const agent = await startAgent(place, directory, key);
  const hostPublic = readFileSync(`${hostKey}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
  return {
    url: `ssh://root@127.0.0.1:${port}${root}/sample.git`,
    knownHosts: `[127.0.0.1]:${port} ${hostPublic}\n`,
    key,
    agent,
  };
}

interface SshdOptions {
  readonly directory: string;
  readonly hostKey: string;
  readonly key: string;
  readonly port: number;
}

async function startSshd(place: Place, { directory, hostKey, key, port }: SshdOptions): Promise<void> {
  const config = join(directory, "sshd_config");
  const authorized = join(directory, "authorized_keys");
  const command = `${needProgram("git")} shell -c "$SSH_ORIGINAL_COMMAND"`;
  writeFileSync(authorized, `restrict,command=${JSON.stringify(command)} ${readFileSync(`${key}.pub`, "utf8")}`);
  writeFileSync(config, formatConfig({ port, hostKey, authorized }));
  // sshd gives up its rights in this directory, which Debian makes only when its init starts the service.
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  await ensureBackground(place, {
    name: "sshd",
    argv: [needProgram("sshd"), "-D", "-e", "-f", config],
    ready: async () => readFileSync(logFile(place, "sshd"), "utf8").includes("listening on"),
  });
}

function formatConfig(options: {
  readonly port: number;
  readonly hostKey: string;
  readonly authorized: string;
}): string {
  const lines = [
    `Port ${options.port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${options.hostKey}`,
    `AuthorizedKeysFile ${options.authorized}`,
    "PermitRootLogin forced-commands-only",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "PidFile none",
    // The temporary directory above it is everybody's.
    "StrictModes no",
  ];
  return `${lines.join("\n")}\n`;
}

async function startAgent(place: Place, directory: string, key: string): Promise<string> {
  const socket = join(directory, "agent.sock");
  await ensureBackground(place, {
    name: "ssh-agent",
    argv: [needProgram("ssh-agent"), "-D", "-a", socket],
    ready: () => canConnect(socket),
  });
  const env = { SSH_AUTH_SOCK: socket };
  const held = await capture([needProgram("ssh-add"), "-l"], { env });
  if (held.exitCode !== 0) await run([needProgram("ssh-add"), "-q", key], { env });
  return socket;
}

async function makeKey(directory: string, name: string): Promise<string> {
  const key = join(directory, name);
  if (!existsSync(key)) {
    await run([needProgram("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "testbed", "-f", key]);
  }
  return key;
}

import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { needProgram } from "../../scripts/testbed/debian.ts";

/** An sshd of a test's own, which lets this user in with a key. */
export interface SshServer extends AsyncDisposable {
  /** `user@127.0.0.1:port` */
  readonly login: string;
  /** PATH with an `ssh` that has the key, and knows the server. */
  readonly path: string;
}

/** Starts sshd; `path` is the PATH of what is run there. */
export async function startSshServer(path: string): Promise<SshServer> {
  const directory = mkdtempSync(join(tmpdir(), "luakit-sshd-"));
  for (const name of ["host", "user"]) {
    await run([needProgram("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", join(directory, name)]);
  }
  const port = freePort();
  const config = join(directory, "sshd_config");
  writeFileSync(config, formatConfig(directory, port, path));
  // sshd gives up its rights in this directory, which Debian makes only when its init starts the service.
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const log = openSync(join(directory, "log"), "a");
  const server = Bun.spawn([needProgram("sshd"), "-D", "-e", "-f", config], { stdout: log, stderr: log });
  closeSync(log);
  while (!readFileSync(join(directory, "log"), "utf8").includes("listening on")) {
    if (server.exitCode !== null) throw new Error(readFileSync(join(directory, "log"), "utf8"));
    await Bun.sleep(10);
  }
  writeClient(directory, port);
  return {
    login: `${await run(["id", "-un"])}@127.0.0.1:${port}`,
    path: `${join(directory, "bin")}:${process.env.PATH}`,
    async [Symbol.asyncDispose]() {
      server.kill();
      await server.exited;
      rmSync(directory, { recursive: true });
    },
  };
}

function formatConfig(directory: string, port: number, path: string): string {
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(directory, "host")}`,
    `AuthorizedKeysFile ${join(directory, "user.pub")}`,
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "PidFile none",
    // The temporary directory above it is everybody's.
    "StrictModes no",
    `SetEnv PATH=${path}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** An `ssh` that reads no file of the user's own. */
function writeClient(directory: string, port: number): void {
  const hostKey = readFileSync(join(directory, "host.pub"), "utf8").split(" ").slice(0, 2).join(" ");
  writeFileSync(join(directory, "known_hosts"), `[127.0.0.1]:${port} ${hostKey}\n`);
  const options = [
    "-F none",
    `-o IdentityFile=${join(directory, "user")}`,
    "-o IdentitiesOnly=yes",
    `-o UserKnownHostsFile=${join(directory, "known_hosts")}`,
    "-o BatchMode=yes",
  ];
  mkdirSync(join(directory, "bin"));
  const wrapper = join(directory, "bin/ssh");
  writeFileSync(wrapper, `#!/bin/sh\nexec ${needProgram("ssh")} ${options.join(" ")} "$@"\n`);
  chmodSync(wrapper, 0o755);
}

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { Control } from "../../src/gen/control.ts";
import { parseAddress } from "../../src/rpc/address.ts";
import { openChannel } from "../../src/rpc/channel.ts";
import { dial } from "../../src/rpc/dial.ts";
import { startSshServer } from "../support/ssh-server.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const bed = testbed();
const socket = bed.addr.slice("unix://".length);
const ssh = await startSshServer(`${dirname(bed.buildctl)}:/usr/bin:/bin`);
const scratch = mkdtempSync(join(tmpdir(), "luakit-rpc-command-"));
afterAll(async () => {
  await ssh[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true });
});

type Variables = Readonly<Record<string, string | undefined>>;

/** The version of the daemon at an address. */
async function versionAt(address: string, variables: Variables): Promise<string | undefined> {
  const channel = openChannel(await dial(parseAddress(address), { variables }));
  const { buildkitVersion } = await channel.unary(Control.Info, {});
  channel.close();
  expect(await channel.closed).toBeUndefined();
  return buildkitVersion?.version;
}

async function errorAt(address: string, variables: Variables): Promise<{ code: string; message: string }> {
  return versionAt(address, variables).then(
    () => ({ code: "none", message: "" }),
    (error) => error,
  );
}

describe("ssh", () => {
  const variables = { ...process.env, PATH: ssh.path };

  test("reaches a daemon by its socket", async () => {
    expect(await versionAt(`ssh://${ssh.login}${socket}`, variables)).toBe(bed.version);
  });

  test("carries many calls at a time", async () => {
    const channel = openChannel(await dial(parseAddress(`ssh://${ssh.login}${socket}`), { variables }));
    const answers = await Promise.all(Array.from({ length: 100 }, () => channel.unary(Control.ListWorkers, {})));
    expect(answers.every(({ record }) => record.length === 1)).toBe(true);
    channel.destroy();
    expect(await channel.closed).toBeUndefined();
  });

  test("a user that is not let in", async () => {
    const login = ssh.login.replace(/^[^@]*/, "nobody-here");
    const { code, message } = await errorAt(`ssh://${login}`, variables);
    expect(code).toBe("daemon.unreachable");
    expect(message).toContain("ssh ended with exit code 255");
    expect(message).toContain("Permission denied");
  });

  test("a socket that is not there", async () => {
    const { code, message } = await errorAt(`ssh://${ssh.login}/nowhere/b.sock`, variables);
    expect(code).toBe("daemon.unreachable");
    expect(message).toContain("/nowhere/b.sock");
  });

  test("a Docker Engine behind it that is not there", async () => {
    const { code, message } = await errorAt(`docker+ssh://${ssh.login}/nowhere/docker.sock`, variables);
    expect(code).toBe("daemon.unreachable");
    expect(message).toContain("ssh ended with exit code");
  });

  test.skipIf(bed.docker === undefined)("a Docker Engine behind it", async () => {
    const address = `docker+ssh://${ssh.login}${bed.docker?.host.slice("unix://".length)}`;
    const channel = openChannel(await dial(parseAddress(address), { variables }));
    expect((await channel.unary(Control.ListWorkers, {})).record.length).toBe(1);
    channel.close();
    expect(await channel.closed).toBeUndefined();
  });
});

describe("docker exec", () => {
  const { docker } = bed;
  const container = `luakit-rpc-${crypto.randomUUID()}`;
  const client = [docker?.docker ?? "docker", "--host", docker?.host ?? ""];
  const variables = { ...process.env, DOCKER_HOST: docker?.host };

  test.skipIf(docker === undefined)("reaches a daemon from inside a container", async () => {
    await run([
      ...client,
      ...["run", "--detach", "--name", container, "--network", "none"],
      ...["--volume", `${bed.buildctl}:/bin/buildctl:ro`],
      ...["--volume", `${dirname(socket)}:/run/buildkit`],
      ...[bed.images.busybox, "/bin/sleep", "1000"],
    ]);
    try {
      expect(await versionAt(`docker-container://${container}`, variables)).toBe(bed.version);
    } finally {
      await run([...client, "rm", "--force", container]);
    }
  });

  test.skipIf(docker === undefined)("a container that is not there", async () => {
    const { code, message } = await errorAt("docker-container://no-such-container", variables);
    expect(code).toBe("daemon.unreachable");
    expect(message).toContain("no-such-container");
  });
});

describe("programs that are not here, played by scripts", () => {
  test.each([
    ["podman", "podman-container://b", "exec -i b buildctl dial-stdio"],
    ["nerdctl", "nerdctl-container://b?namespace=n", "exec --namespace n -i b buildctl dial-stdio"],
    ["kubectl", "kube-pod://p?namespace=n", "--context= --namespace=n exec --container= -i p -- buildctl dial-stdio"],
  ])("%s", async (program, address, words) => {
    const path = join(scratch, program);
    const log = join(scratch, `${program}.log`);
    writeFileSync(path, `#!/bin/sh\necho "$@" > ${log}\nexec ${bed.buildctl} --addr ${bed.addr} dial-stdio\n`);
    chmodSync(path, 0o755);
    const variables = { ...process.env, PATH: `${scratch}:${process.env.PATH}` };
    expect(await versionAt(address, variables)).toBe(bed.version);
    expect(readFileSync(log, "utf8").trim()).toBe(words);
  });
});

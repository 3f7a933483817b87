import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { Control } from "../../src/gen/control.ts";
import { parseAddress } from "../../src/rpc/address.ts";
import { openChannel } from "../../src/rpc/channel.ts";
import { dial } from "../../src/rpc/dial.ts";
import type { TlsFiles } from "../../src/rpc/tls-files.ts";
import { certificates } from "../support/certificates.ts";
import { runLuakit } from "../support/luakit.ts";
import { startOwnBuildkitd } from "../support/own-buildkitd.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), "luakit-rpc-tls-"));
const { ca, otherCa, server, client, stranger, expired } = certificates;
const mutual = await startOwnBuildkitd({ tcp: true, tls: { ...server, ca } });
const oneSided = await startOwnBuildkitd({ tcp: true, tls: expired });
const plain = await startOwnBuildkitd({ tcp: true });
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await Promise.all([mutual.stop(), oneSided.stop(), plain.stop()]);
});

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
const caFile = file("ca.pem", ca);
const otherCaFile = file("other.pem", otherCa);
const pair = { cert: file("cert.pem", client.cert), key: file("key.pem", client.key) };
const strangers = { cert: file("stranger.pem", stranger.cert), key: file("stranger-key.pem", stranger.key) };

/** How many workers a daemon lists, or the error with its hint. */
async function ask(address: string, tls?: TlsFiles): Promise<number | string> {
  try {
    const channel = openChannel(await dial(parseAddress(address), { tls }));
    const { record } = await channel.unary(Control.ListWorkers, {});
    channel.close();
    await channel.closed;
    return record.length;
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    const hint = error.hint === undefined ? "" : ` [${error.hint}]`;
    return `${error.code}: ${error.message.replace(/^cannot connect to \S+ /, "")}${hint}`;
  }
}

describe("a daemon with TLS that wants a client certificate", () => {
  test("takes the right one, by its address or by a name", async () => {
    expect(await ask(mutual.tcp, { ca: caFile, ...pair })).toBe(1);
    expect(await ask(mutual.tcp, { ca: caFile, ...pair, serverName: "buildkit.test" })).toBe(1);
  });

  test("a call with much data", async () => {
    const channel = openChannel(await dial(parseAddress(mutual.tcp), { tls: { ca: caFile, ...pair } }));
    const filter = ["x".repeat(8 * 1024 * 1024)];
    await channel.unary(Control.ListWorkers, { filter });
    expect((await channel.unary(Control.ListWorkers, {})).record).toHaveLength(1);
    channel.close();
  });

  test.each<[string, TlsFiles | undefined, string]>([
    [
      "no client certificate",
      { ca: caFile },
      "daemon.unreachable: the daemon wants a client certificate [give --tlscert and --tlskey]",
    ],
    [
      "another authority's client certificate",
      { ca: caFile, ...strangers },
      `daemon.unreachable: the daemon does not accept the client certificate ${strangers.cert} (unknown ca)`,
    ],
    [
      "another authority for the daemon",
      { ca: otherCaFile, ...pair },
      `daemon.unreachable: the daemon's certificate is not signed by an authority in ${otherCaFile}`,
    ],
    [
      "no authority",
      pair,
      "daemon.unreachable: the daemon's certificate is signed by nobody that this machine trusts [give its authority with --tlscacert]",
    ],
    [
      "another name",
      { ca: caFile, ...pair, serverName: "other.test" },
      'daemon.unreachable: the daemon\'s certificate is not for "other.test", only for buildkit.test, 127.0.0.1 [name one that it is for with --tlsservername]',
    ],
    [
      "a key of another certificate",
      { ca: caFile, cert: pair.cert, key: strangers.key },
      `daemon.unreachable: the key ${strangers.key} does not belong to the certificate ${pair.cert}`,
    ],
    [
      "no TLS",
      undefined,
      "daemon.unreachable: it ends the connection without an answer [if it uses TLS, give --tlscacert, and --tlscert with --tlskey]",
    ],
  ])("%s", async (_, tls, message) => {
    expect(await ask(mutual.tcp, tls)).toBe(message);
  });

  test("is trusted whatever it shows when that is wanted", async () => {
    expect(await ask(mutual.tcp, { ca: otherCaFile, ...pair, serverName: "other.test", insecure: true })).toBe(1);
  });
});

test("a certificate that has expired", async () => {
  expect(await ask(oneSided.tcp, { ca: caFile })).toBe("daemon.unreachable: the daemon's certificate has expired");
});

describe("a daemon without TLS", () => {
  test("answers", async () => {
    expect(await ask(plain.tcp)).toBe(1);
  });

  test("says so to TLS", async () => {
    expect(await ask(plain.tcp, { ca: caFile })).toBe(
      "daemon.unreachable: the daemon does not use TLS [leave out the TLS flags]",
    );
  });
});

test("what is no daemon", async () => {
  const { registry } = testbed();
  expect(await ask(`tcp://${registry}`)).toBe(
    `daemon.unreachable: it speaks HTTP/1.1, so it is no BuildKit daemon [if it is a Docker Engine, write docker+tcp://${registry}]`,
  );
  expect(await ask("tcp://127.0.0.1:1")).toBe("daemon.unreachable: nothing listens there");
  expect(await ask(`unix://${directory}/none.sock`)).toBe("daemon.unreachable: there is no such socket");
});

test("an ssh daemon on the port is named by what it says", async () => {
  using sshd = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { open: (socket) => void socket.write("SSH-2.0-OpenSSH_9.2p1\r\n"), data: () => {} },
  });
  const addr = `tcp://127.0.0.1:${sshd.port}`;
  const { exitCode, stderr } = await runLuakit(["info", "--addr", addr], { cwd: directory });
  expect([exitCode, stderr]).toEqual([
    125,
    `error: cannot connect to ${addr}: it says "SSH-2.0-OpenSSH_9.2p1", so it is no BuildKit daemon\n`,
  ]);
});

test("a file that is no certificate is a mistake of the command line", async () => {
  const { exitCode, stderr } = await runLuakit(["info", "--addr", "tcp://127.0.0.1:1", "--tlscacert", "/etc/passwd"], {
    cwd: directory,
  });
  expect([exitCode, stderr]).toEqual([2, "error: the TLS file /etc/passwd holds no certificate in PEM form\n"]);
});

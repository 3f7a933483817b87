import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dialTls, type Protocol } from "../../src/rpc/dial-tls.ts";
import type { TlsFiles } from "../../src/rpc/tls-files.ts";
import { certificates } from "../support/certificates.ts";
import { record } from "./recorder.ts";

const directory = mkdtempSync(join(tmpdir(), "luakit-dial-tls-"));
const { ca, otherCa, server, client, stranger } = certificates;
const listener = Bun.listen({
  hostname: "127.0.0.1",
  port: 0,
  tls: { ...server, ca, requestCert: true, rejectUnauthorized: true },
  socket: {
    data(socket, bytes) {
      socket.write(bytes);
    },
  },
});
afterAll(() => {
  listener.stop(true);
  rmSync(directory, { recursive: true });
});

const address = { scheme: "tcp", host: "127.0.0.1", port: listener.port } as const;
const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
const right = {
  ca: file("ca.pem", ca),
  cert: file("cert.pem", client.cert),
  key: file("key.pem", client.key),
};
const otherFile = file("other.pem", otherCa);
const strangers = { cert: file("stranger.pem", stranger.cert), key: file("stranger-key.pem", stranger.key) };

/** A frame as a server of HTTP/2 begins with; who looks at the first bytes takes the echo for one. */
const ping = "\0\0\0\x04\0\0\0\0\0";

/** `ping` when that comes back, or the error with its hint. */
async function echo(files: TlsFiles, protocol: Protocol = "h2"): Promise<string> {
  try {
    const stream = await dialTls(address, files, protocol);
    const sink = record(stream);
    stream.write(new TextEncoder().encode(ping));
    await Promise.race([sink.until(() => sink.text === ping), sink.closed]);
    if (sink.text === "") throw await sink.closed;
    stream.destroy();
    return sink.text === ping ? "ping" : sink.text;
  } catch (error) {
    return `${Reflect.get(error as object, "message")} [${Reflect.get(error as object, "hint")}]`;
  }
}

describe("dialTls", () => {
  test("carries bytes once both sides are known", async () => {
    expect(await echo(right)).toBe("ping");
    expect(await echo({ ...right, serverName: "buildkit.test" }, "http/1.1")).toBe("ping");
    expect(await echo({ ...right, ca: otherFile, insecure: true })).toBe("ping");
  });

  test.each<[string, TlsFiles, string, string | undefined]>([
    [
      "another name",
      { ...right, serverName: "x.test" },
      'not for "x.test", only for buildkit.test, 127.0.0.1',
      undefined,
    ],
    [
      "another IP",
      { ...right, serverName: "10.0.0.1" },
      'not for "10.0.0.1", only for buildkit.test, 127.0.0.1',
      undefined,
    ],
    ["another authority", { ...right, ca: otherFile }, `is not signed by an authority in ${otherFile}`, undefined],
    ["no authority", { cert: right.cert, key: right.key }, "signed by nobody that this machine trusts", "ca.pem"],
    ["a key of another certificate", { ...right, key: strangers.key }, "does not belong to the certificate", undefined],
  ])("%s", async (_, files, message, engineHint) => {
    expect(await echo(files)).toContain(message);
    const fromEngine = await echo(files, "http/1.1");
    expect(fromEngine).toContain(message);
    expect(fromEngine).not.toContain("--tls");
    if (engineHint !== undefined) expect(fromEngine).toContain(engineHint);
  });

  test("a client that the daemon does not know", async () => {
    expect(await echo({ ca: right.ca })).toStartWith(`cannot connect to tcp://127.0.0.1:${address.port}: `);
    expect(await echo({ ca: right.ca, ...strangers })).toStartWith(
      `cannot connect to tcp://127.0.0.1:${address.port}: `,
    );
  });

  test("a name that the certificate is not for, with what to type", async () => {
    for (const serverName of ["x.test", "10.0.0.1"]) {
      expect(await echo({ ...right, serverName })).toEndWith("[name one that it is for with --tlsservername]");
    }
  });

  test("what does not speak HTTP/2", async () => {
    using other = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      tls: server,
      socket: { data: (socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n") },
    });
    const place = { scheme: "tcp", host: "127.0.0.1", port: other.port } as const;
    const stream = await dialTls(place, { ca: right.ca }, "h2");
    const sink = record(stream);
    stream.write(new TextEncoder().encode(ping));
    expect(await sink.closed).toMatchObject({
      code: "daemon.unreachable",
      message: `cannot connect to tcp://127.0.0.1:${other.port}: it speaks HTTP/1.1, so it is no BuildKit daemon`,
    });
  });

  test("files that are no certificates", async () => {
    const broken = file("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    expect(await echo({ ...right, ca: broken })).toContain(`${broken} holds no usable certificate`);
  });
});

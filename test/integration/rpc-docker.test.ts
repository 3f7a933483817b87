import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { Control } from "../../src/gen/control.ts";
import { Health } from "../../src/gen/health.ts";
import { parseAddress, parseDockerHost } from "../../src/rpc/address.ts";
import { openChannel } from "../../src/rpc/channel.ts";
import { dial } from "../../src/rpc/dial.ts";
import { dialDockerSession, dialEngine } from "../../src/rpc/dial-docker.ts";
import { requestEngine } from "../../src/rpc/docker-http.ts";
import { serve, unary } from "../../src/rpc/server.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const bed = testbed();
const { docker } = bed;
const address = parseDockerHost(docker?.host ?? "unix:///nowhere.sock");

describe.skipIf(docker === undefined)("the Docker Engine", () => {
  test("has a BuildKit on /grpc", async () => {
    const channel = openChannel(await dial(address));
    const { record } = await channel.unary(Control.ListWorkers, {});
    expect(record[0]?.ID).not.toBe("");
    await expect(channel.unary(Control.Info, {})).rejects.toMatchObject({ code: "rpc.unimplemented" });
    channel.close();
    expect(await channel.closed).toBeUndefined();
  });

  test("takes a session on /session, and asks it for its health", async () => {
    const asked = Promise.withResolvers<void>();
    const health = unary(Health.Check, () => {
      asked.resolve();
      return { status: 1 };
    });
    const metadata = [
      ["X-Docker-Expose-Session-Uuid", crypto.randomUUID()],
      ["X-Docker-Expose-Session-Name", "luakit"],
      ["X-Docker-Expose-Session-Sharedkey", ""],
      ["X-Docker-Expose-Session-Grpc-Method", Health.Check.path],
    ] as const;
    const server = serve(await dialDockerSession(address, metadata, {}), [[health]]);
    await asked.promise;
    server.close();
    expect(await server.closed).toBeUndefined();
  });

  test("refuses a second session of the same name", async () => {
    const metadata = [["X-Docker-Expose-Session-Uuid", crypto.randomUUID()]] as const;
    const first = serve(await dialDockerSession(address, metadata, {}), []);
    await expect(dialDockerSession(address, metadata, {})).rejects.toMatchObject({
      code: "daemon.unreachable",
      message: expect.stringContaining("already exists"),
    });
    first.close();
  });

  test("answers plain requests", async () => {
    const version = requestEngine(await dialEngine(address, {}), { method: "GET", path: "/version" });
    const { status, body } = await version.response;
    expect([status, JSON.parse(new TextDecoder().decode(body)).Version]).toEqual([200, docker?.version]);
  });

  test("takes an archive in pieces", async () => {
    const path = "/images/load?quiet=1";
    const headers = [["Content-Type", "application/x-tar"]] as const;
    const load = requestEngine(await dialEngine(address, {}), { method: "POST", path, headers });
    load.write(new Uint8Array(512));
    load.write(new Uint8Array(512));
    load.end();
    const { status, body } = await load.response;
    // An archive without an image: what matters is that the engine has read it to its end and says something.
    expect([200, 400, 404, 500]).toContain(status);
    expect(body.length).toBeGreaterThan(0);
  });

  test("is told from a BuildKit daemon", async () => {
    const wrong = openChannel(await dial(parseAddress(docker?.host ?? "")));
    await expect(wrong.unary(Control.ListWorkers, {})).rejects.toMatchObject({
      code: "daemon.unreachable",
      hint: `if it is a Docker Engine, write docker+${docker?.host}`,
    });
    await expect(dial(parseDockerHost(bed.addr))).rejects.toMatchObject({
      code: "daemon.unreachable",
      message: expect.stringContaining("no Docker Engine answers there"),
    });
  });
});

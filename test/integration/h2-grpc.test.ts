import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { openConnection } from "../../src/h2/connection.ts";
import { type Counts, callGrpc } from "../conformance/h2/grpc-client.ts";
import { serveGrpc } from "../conformance/h2/grpc-server.ts";
import { connect, listen } from "../h2/socket.ts";
import { effort } from "../stress/effort.ts";

/** Seconds of traffic in each role. */
const seconds = effort(3, 3600);

let program = "";
const directory = mkdtempSync(join(tmpdir(), "h2-grpc-"));

beforeAll(async () => {
  const place = findPlace();
  const tool = {
    module: "grpc-peer",
    version: "v1",
    package: "luakit/test/grpc-peer",
    versionVariable: "main.version",
  };
  const here = { ...place, scripts: join(import.meta.dir, "../conformance/h2") };
  program = await locked(place.cache, () => buildGoTool(here, tool));
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true }));

function expectTraffic(counts: Counts): void {
  expect(counts.errors).toEqual([]);
  expect(counts.calls).toBeGreaterThan(100);
  expect(counts.cancelled).toBeGreaterThan(10);
  expect(counts.bytes).toBeGreaterThan(1_000_000);
}

test(
  "a server gets on with grpc-go's client",
  async () => {
    const errors: string[] = [];
    const closed: Promise<Error | undefined>[] = [];
    const path = join(directory, "server.sock");
    const server = listen((bytes) => {
      closed.push(serveGrpc(bytes, (error) => errors.push(error.message)).closed);
    }, path);
    const child = Bun.spawn([program, "call", `unix:${path}`, String(seconds), "40"], { stderr: "inherit" });
    const counts: Counts = JSON.parse(await new Response(child.stdout).text());
    expect(await child.exited).toBe(0);
    expectTraffic(counts);
    expect(errors).toEqual([]);
    expect(await Promise.all(closed)).toEqual([undefined]);
    server.stop();
  },
  (seconds + 30) * 1000,
);

test(
  "a client gets on with grpc-go's server",
  async () => {
    const path = join(directory, "client.sock");
    const child = Bun.spawn([program, "serve", `unix:${path}`], { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
    await child.stdout.getReader().read();
    const connection = openConnection(await connect({ unix: path }), { role: "client" });
    expectTraffic(await callGrpc(connection, seconds, 40));
    connection.close();
    expect(await connection.closed).toBeUndefined();
    child.stdin.end();
    await child.exited;
  },
  (seconds + 30) * 1000,
);

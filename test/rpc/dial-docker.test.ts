import { describe, expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { dialDocker, dialDockerSession } from "../../src/rpc/dial-docker.ts";
import { fakeEngine } from "./docker-engine.ts";
import { record } from "./recorder.ts";

const switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

describe("dialDocker", () => {
  test("asks for h2c on /grpc and gives what follows", async () => {
    using engine = fakeEngine(`${switching}first `, (socket, bytes) => socket.write(bytes));
    const stream = await dialDocker(engine.address, {});
    await Bun.sleep(10);
    const sink = record(stream);
    stream.write(new TextEncoder().encode("second"));
    await sink.until(() => sink.text === "first second");
    expect(engine.received().split("\r\n\r\n")[0]?.split("\r\n")).toEqual([
      "POST /grpc HTTP/1.1",
      "Host: docker",
      "Connection: Upgrade",
      "Upgrade: h2c",
    ]);
    stream.end();
    expect(await sink.closed).toBeUndefined();
    expect(sink.events).toEqual(["end", "close"]);
  });

  test.each([
    [
      'HTTP/1.1 404 Not Found\r\nContent-Length: 28\r\n\r\n{"message":"page not found"}',
      "404 to POST /grpc: page not found",
    ],
    ["HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsorry\r\n0\r\n\r\n", "500 to POST /grpc: sorry"],
    ["HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", "400 to POST /grpc"],
    ["\0\0\x0c\x04\0\0\0\0\0", "no Docker Engine answers there"],
  ])("%j", async (answer, message) => {
    using engine = fakeEngine(answer);
    const error = await dialDocker(engine.address, {}).catch((reason) => reason);
    expect(error).toBeInstanceOf(LuakitError);
    expect(error.code).toBe("daemon.unreachable");
    expect(error.message).toContain(message);
  });

  test("an engine that ends without an answer", async () => {
    using engine = fakeEngine("HTTP/1.1 10");
    const dialing = dialDocker(engine.address, {}).catch((reason) => reason);
    await Bun.sleep(20);
    engine.hangUp();
    expect(await dialing).toMatchObject({
      code: "daemon.unreachable",
      message: expect.stringContaining("the connection ended before there was an answer"),
    });
  });
});

test("dialDockerSession sends the metadata as header lines", async () => {
  using engine = fakeEngine(switching);
  const metadata = [
    ["X-A", "1"],
    ["X-B", "two\r\nX-Evil: 1"],
    ["X-A", "3"],
  ] as const;
  const stream = await dialDockerSession(engine.address, metadata, {});
  expect(engine.received()).toContain("POST /session HTTP/1.1\r\n");
  expect(engine.received()).toContain("\r\nX-A: 1\r\nX-B: two  X-Evil: 1\r\nX-A: 3\r\n\r\n");
  stream.destroy();
});

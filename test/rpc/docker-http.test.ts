import { expect, test } from "bun:test";
import { dialEngine } from "../../src/rpc/dial-docker.ts";
import { requestEngine } from "../../src/rpc/docker-http.ts";
import { fakeEngine } from "./docker-engine.ts";

test("a GET", async () => {
  using engine = fakeEngine('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"Version":"1"}');
  const call = requestEngine(await dialEngine(engine.address, {}), { method: "GET", path: "/version" });
  call.end();
  const { status, body } = await call.response;
  expect([status, new TextDecoder().decode(body)]).toEqual([200, '{"Version":"1"}']);
  expect(engine.received()).toBe("GET /version HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n");
});

test("a POST whose body is streamed in chunks", async () => {
  const engine = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const body = await request.bytes();
      const sum = body.reduce((total, byte) => (total + byte) % 65_536, 0);
      return new Response(`${request.headers.get("content-type")} ${body.length} ${sum}`, { status: 201 });
    },
  });
  const address = { scheme: "docker", engine: { scheme: "tcp", host: "127.0.0.1", port: engine.port ?? 0 } } as const;
  let drained = Promise.withResolvers<void>();
  const call = requestEngine(await dialEngine(address, {}), {
    method: "POST",
    path: "/images/load",
    headers: [["Content-Type", "application/x-tar"]],
    onDrain: () => drained.resolve(),
  });
  let sum = 0;
  for (let i = 0; i < 100; i++) {
    sum = (sum + 100_000 * i) % 65_536;
    if (call.write(new Uint8Array(100_000).fill(i))) continue;
    await drained.promise;
    drained = Promise.withResolvers<void>();
  }
  call.write(new Uint8Array());
  call.end();
  const { status, body } = await call.response;
  expect([status, new TextDecoder().decode(body)]).toEqual([201, `application/x-tar 10000000 ${sum}`]);
  await engine.stop(true);
});

test("a connection that ends before the answer", async () => {
  using engine = fakeEngine("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{", (socket) => socket.end());
  const call = requestEngine(await dialEngine(engine.address, {}), { method: "POST", path: "/images/load" });
  await Bun.sleep(20);
  call.write(new Uint8Array(5));
  expect(await call.response.catch((error) => error)).toMatchObject({ code: "daemon.gone" });
});

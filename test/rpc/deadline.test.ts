import { expect, test } from "bun:test";
import type { ByteStream } from "../../src/h2/byte-stream.ts";
import { beforeDeadline } from "../../src/rpc/deadline.ts";
import { bytePair } from "./byte-pair.ts";

test("gives the connection", async () => {
  const [stream] = bytePair();
  expect(await beforeDeadline(Promise.resolve(stream), "unix:///x", { timeout: 1000 })).toBe(stream);
});

test("gives up in time, and drops a connection that comes late", async () => {
  const [stream, peer] = bytePair();
  const late = Promise.withResolvers<ByteStream>();
  const waiting = beforeDeadline(late.promise, "unix:///x", { timeout: 10 });
  expect(await waiting.catch((error) => error)).toMatchObject({
    code: "daemon.unreachable",
    message: "cannot connect to unix:///x: no answer within 0.01 s",
  });
  const closed = Promise.withResolvers<void>();
  peer.start({ data() {}, drain() {}, end() {}, close: () => closed.resolve() });
  late.resolve(stream);
  await closed.promise;
});

test("rejects with the signal's reason", async () => {
  const never = new Promise<ByteStream>(() => undefined);
  const controller = new AbortController();
  const waiting = beforeDeadline(never, "unix:///x", { timeout: 1000, signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  const aborted = beforeDeadline(never, "unix:///x", { timeout: 1000, signal: controller.signal });
  await expect(aborted).rejects.toThrow("enough");
});

test("a connection that fails, fails", async () => {
  const failing = Promise.reject(new Error("refused"));
  await expect(beforeDeadline(failing, "unix:///x", { timeout: 1000 })).rejects.toThrow("refused");
});

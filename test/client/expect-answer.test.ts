import { expect, test } from "bun:test";
import { expectAnswer } from "../../src/client/expect-answer.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import type { ByteSink, ByteStream } from "../../src/h2/byte-stream.ts";

const failure = () => new LuakitError("daemon.unreachable", "silent");

/** A stream whose peer is the test, and what its user is told. */
function watched(patience: number) {
  const told: string[] = [];
  let peer: ByteSink | undefined;
  const inner: ByteStream = {
    start: (sink) => {
      peer = sink;
    },
    write: (_, release) => {
      release?.();
      return true;
    },
    pause: () => {},
    resume: () => {},
    end: () => {},
    destroy: () => {
      told.push("destroyed");
      peer?.close();
    },
  };
  const closed = Promise.withResolvers<void>();
  const stream = expectAnswer(inner, patience, failure);
  stream.start({
    data: (bytes) => told.push(`data ${bytes.length}`),
    drain: () => told.push("drain"),
    end: () => told.push("end"),
    close: (error) => {
      told.push(`close ${error?.message ?? ""}`);
      closed.resolve();
    },
  });
  if (peer === undefined) throw new Error("not started");
  return { stream, peer, told, closed: closed.promise };
}

test("a peer that says nothing is given up, and the stream closes once", async () => {
  const { told, closed } = watched(10);
  await closed;
  await Bun.sleep(5);
  expect(told).toEqual(["close silent", "destroyed"]);
});

test("after the first byte there is no limit", async () => {
  const { peer, told } = watched(20);
  peer.data(new Uint8Array(3));
  await Bun.sleep(40);
  peer.data(new Uint8Array(1));
  peer.end();
  peer.close(new Error("gone"));
  expect(told).toEqual(["data 3", "data 1", "end", "close gone"]);
});

test("a stream that closes by itself does so with its own reason", async () => {
  const { peer, told } = watched(10);
  peer.close(new Error("refused"));
  await Bun.sleep(20);
  expect(told).toEqual(["close refused"]);
});

test("memory that was written is given back to its owner", () => {
  const { stream, peer } = watched(1000);
  peer.data(new Uint8Array(1));
  let released = 0;
  stream.write(new Uint8Array(3), () => released++);
  expect(released).toBe(1);
});

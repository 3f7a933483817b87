import { describe, expect, test } from "bun:test";
import { messageHead } from "../../src/rpc/framing.ts";
import { Inbox } from "../../src/rpc/inbox.ts";
import type { MessageReceiver } from "../../src/rpc/message-stream.ts";
import { makeStatus, okStatus, rpcError } from "../../src/rpc/status.ts";

const cancelled = rpcError(makeStatus(1, "enough"));

/** An inbox whose doings are written down: m1 is a message of one byte 1, c6 six bytes given back. */
function setUp(onMessage: (inbox: Inbox, byte: number | undefined) => void = () => undefined) {
  const log: string[] = [];
  const inbox = new Inbox({
    consumed: (bytes) => log.push(`c${bytes}`),
    broken(error) {
      log.push(`broken: ${error.code}`);
      inbox.cancel(error);
    },
  });
  const receiver: MessageReceiver = {
    message(bytes) {
      log.push(`m${bytes[0] ?? ""}`);
      onMessage(inbox, bytes[0]);
    },
    end: (status) => log.push(`end ${status?.code ?? ""}`.trim()),
    cancel: (error) => log.push(`cancel: ${error.message}`),
    drain: () => log.push("drain"),
  };
  return { inbox, log, receiver };
}

function frames(...bytes: number[]): Uint8Array {
  return Uint8Array.from(bytes.flatMap((byte) => [...messageHead(1), byte]));
}

describe("an inbox", () => {
  test("keeps what comes before there is a receiver", () => {
    const { inbox, log, receiver } = setUp();
    const lent = frames(1, 2);
    inbox.data(lent);
    lent.fill(0xee);
    inbox.end(okStatus);
    expect(log).toEqual([]);
    inbox.start(receiver);
    expect(log).toEqual(["m1", "m2", "c12", "end 0"]);
  });

  test("gives back window only for what was delivered", () => {
    const { inbox, log, receiver } = setUp((inbox, byte) => {
      if (byte === 1) inbox.pause();
    });
    inbox.start(receiver);
    inbox.data(frames(1, 2));
    inbox.data(frames(3));
    expect(log).toEqual(["m1"]);
    inbox.resume();
    expect(log).toEqual(["m1", "c6", "m2", "c6", "m3", "c6"]);
  });

  test("delivers what has come during a pause to who takes all, and gives window back only at its end", () => {
    const { inbox, log, receiver } = setUp((inbox, byte) => {
      if (byte === 1) inbox.pause();
    });
    inbox.start({ ...receiver, takesAll: true });
    inbox.data(frames(1, 2));
    inbox.data(frames(3));
    expect(log).toEqual(["m1", "m2", "m3"]);
    inbox.resume();
    expect(log).toEqual(["m1", "m2", "m3", "c18"]);
    inbox.data(frames(4));
    inbox.pause();
    inbox.end(okStatus);
    expect(log.slice(4)).toEqual(["m4", "c6", "end 0"]);
  });

  test("stops within what was held, too", () => {
    const { inbox, log, receiver } = setUp((inbox) => inbox.pause());
    inbox.data(frames(1, 2, 3));
    inbox.start(receiver);
    inbox.resume();
    inbox.end();
    expect(log).toEqual(["m1", "c6", "m2"]);
    inbox.resume();
    expect(log.slice(3)).toEqual(["c6", "m3"]);
    inbox.resume();
    expect(log.slice(5)).toEqual(["c6", "end"]);
  });

  test("keeps the order when a message pauses and resumes at once", () => {
    const { inbox, log, receiver } = setUp((inbox) => {
      inbox.pause();
      inbox.resume();
    });
    inbox.data(frames(1, 2));
    inbox.data(frames(3));
    inbox.start(receiver);
    expect(log.filter((entry) => entry.startsWith("m"))).toEqual(["m1", "m2", "m3"]);
  });

  test("a message of no bytes is one", () => {
    const { inbox, log, receiver } = setUp();
    inbox.start(receiver);
    inbox.data(messageHead(0));
    expect(log).toEqual(["m", "c5"]);
  });

  test("cancel comes at once, even while it is paused", () => {
    const { inbox, log, receiver } = setUp();
    inbox.start(receiver);
    inbox.pause();
    inbox.data(frames(1));
    inbox.cancel(cancelled);
    inbox.data(frames(2));
    inbox.end();
    inbox.drain();
    expect(log).toEqual(["cancel: enough", "c6"]);
  });

  test("cancel from within a message stops the rest", () => {
    const { inbox, log, receiver } = setUp((inbox) => inbox.cancel(cancelled));
    inbox.start(receiver);
    inbox.data(frames(1, 2));
    expect(log).toEqual(["m1", "c6", "cancel: enough"]);
  });

  test("an end inside a message is an error", () => {
    const { inbox, log, receiver } = setUp();
    inbox.start(receiver);
    inbox.data(frames(1).subarray(0, 5));
    inbox.end(okStatus);
    expect(log).toEqual(["c5", "cancel: the peer ended the call inside a message"]);
  });

  test("what is no gRPC breaks the call", () => {
    const { inbox, log, receiver } = setUp();
    inbox.start(receiver);
    inbox.data(Uint8Array.of(9, 9, 9, 9, 9, 9));
    expect(log[0]).toBe("broken: rpc.unimplemented");
    expect(log.at(-1)).toBe("cancel: the peer sent a compressed message");
  });

  test("after close nothing is delivered, and window is still given back", () => {
    const { inbox, log, receiver } = setUp((inbox) => inbox.close());
    inbox.start(receiver);
    inbox.data(frames(1, 2));
    inbox.data(frames(3));
    inbox.end();
    inbox.cancel(cancelled);
    expect(log).toEqual(["m1", "c6", "c6"]);
  });
});

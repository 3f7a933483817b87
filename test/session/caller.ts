import { type Channel, openChannel } from "../../src/rpc/channel.ts";
import type { Metadata } from "../../src/rpc/metadata.ts";
import { type Service, serve } from "../../src/rpc/server.ts";
import type { Status } from "../../src/rpc/status.ts";
import { openPair } from "../h2/pair.ts";

/** A daemon's side of services that are served in memory. */
export function openCaller(...services: readonly Service[]): Channel {
  const { left, right } = openPair();
  serve(right, services);
  return openChannel(left);
}

/** One call with messages both ways. */
export interface Talk {
  send(message: Uint8Array): void;
  /** Half close. */
  end(): void;
  cancel(): void;
  /** The next message; rejects when the call is over before. */
  receive(): Promise<Uint8Array>;
  /** Every message until the end. */
  rest(): Promise<Uint8Array[]>;
  readonly status: Promise<Status>;
}

export function openTalk(channel: Channel, path: string, metadata: Metadata = []): Talk {
  const call = channel.open(path, { metadata });
  const waiting: Uint8Array[] = [];
  let wake = () => {};
  let over = false;
  const finish = () => {
    over = true;
    wake();
  };
  call.start({
    message: (bytes) => {
      waiting.push(bytes);
      wake();
    },
    end: finish,
    cancel: finish,
  });
  const next = async () => {
    while (waiting.length === 0 && !over) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
    return waiting.shift();
  };
  return {
    send: (message) => call.send(message),
    end: () => call.end(),
    cancel: () => call.cancel(),
    status: call.status,
    receive: async () => {
      const message = await next();
      if (message === undefined) throw new Error(`the call is over: ${(await call.status).message}`);
      return message;
    },
    rest: async () => {
      const all: Uint8Array[] = [];
      for (let message = await next(); message !== undefined; message = await next()) all.push(message);
      return all;
    },
  };
}

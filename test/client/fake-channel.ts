import type { CallOptions, Channel } from "../../src/rpc/channel.ts";
import { rpcError } from "../../src/rpc/status.ts";
import type { Init, Method } from "../../src/wire/codec.ts";

/** What a daemon answers to a method: encoded responses, or the code of an error. */
export type Answer = readonly Uint8Array[] | number;

export interface FakeChannel extends Channel {
  /** The encoded requests that came, by path. */
  readonly requests: ReadonlyMap<string, readonly Uint8Array[]>;
}

/** A channel to a daemon that answers what the table says, and UNIMPLEMENTED to anything else. */
export function fakeChannel(answers: Readonly<Record<string, Answer>>): FakeChannel {
  const requests = new Map<string, Uint8Array[]>();
  const ask = <I, O>(method: Method<I, O>, request: Init<I>): readonly O[] => {
    requests.set(method.path, [...(requests.get(method.path) ?? []), method.request.encode(request)]);
    const answer = answers[method.path] ?? 12;
    if (typeof answer === "number") throw rpcError({ code: answer, message: "no", details: [] });
    return answer.map((bytes) => method.response.decode(bytes));
  };
  return {
    isNear: true,
    requests,
    async unary<I, O>(method: Method<I, O>, request: Init<I>): Promise<O> {
      const [response] = ask(method, request);
      if (response === undefined) throw new Error(`no answer for ${method.path}`);
      return response;
    },
    async *stream<I, O>(
      method: Method<I, O>,
      request: Init<I>,
      options?: CallOptions & { onHeaders?(metadata: readonly (readonly [string, string])[]): void },
    ): AsyncGenerator<O> {
      options?.onHeaders?.([["buildkit-current-timestamp", "2026-01-02T03:04:05.678Z"]]);
      yield* ask(method, request);
    },
    open: () => {
      throw new Error("not faked");
    },
    close: () => {},
    destroy: () => {},
    closed: Promise.resolve(undefined),
  };
}

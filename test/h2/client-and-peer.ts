import { type Connection, type ConnectionOptions, openConnection, type Stream } from "../../src/h2/connection.ts";
import { openPair, type PairOptions } from "./pair.ts";
import { RawPeer, settle } from "./raw-peer.ts";
import { format, Recorder } from "./recorder.ts";

/** A client of ours and a raw server that has sent its SETTINGS. */
export async function openClient(
  options: Partial<ConnectionOptions> = {},
  settings: readonly (readonly [id: number, value: number])[] = [],
  pairOptions: PairOptions = {},
): Promise<{ readonly client: Connection; readonly peer: RawPeer }> {
  const { left, right } = openPair(pairOptions);
  const client = openConnection(left, { ...options, role: "client" });
  const peer = new RawPeer(right, "server");
  peer.sendSettings(...settings);
  await settle();
  return { client, peer };
}

/** A server of ours, which leaves streams to the test, and a raw client that has sent its SETTINGS. */
export async function openServer(
  options: Partial<ConnectionOptions> = {},
  settings: readonly (readonly [id: number, value: number])[] = [],
  pairOptions: PairOptions = {},
): Promise<{
  readonly server: Connection;
  readonly peer: RawPeer;
  readonly streams: { readonly stream: Stream; readonly sink: Recorder; readonly request: string }[];
}> {
  const { left, right } = openPair(pairOptions);
  const streams: { readonly stream: Stream; readonly sink: Recorder; readonly request: string }[] = [];
  const server = openConnection(right, {
    onStream: (stream, headers, ended) => {
      const sink = new Recorder();
      streams.push({ stream, sink, request: `${format(headers)}${ended ? " end" : ""}` });
      return sink;
    },
    ...options,
    role: "server",
  });
  const peer = new RawPeer(left, "client");
  peer.sendSettings(...settings);
  await settle();
  return { server, peer, streams };
}

export const get = [
  [":method", "GET"],
  [":scheme", "http"],
  [":path", "/"],
] as const;

export const ok = [[":status", "200"]] as const;

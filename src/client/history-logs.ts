import { Control, StatusResponse } from "../gen/control.ts";
import type { Channel } from "../rpc/channel.ts";
import type { BuildRecord } from "./build-record.ts";
import { readContent } from "./content-blob.ts";

/** What a build said while it ran: from its log, or as it happens when it runs still. */
export function readBuildLogs(channel: Channel, { ref, logs }: BuildRecord): AsyncIterable<StatusResponse> {
  if (logs === undefined) return channel.stream(Control.Status, { Ref: ref });
  return decodeLogs(readContent(channel, logs.digest));
}

/** A log is a row of StatusResponse messages, each after its size in four bytes, the lowest first. */
export async function* decodeLogs(parts: AsyncIterable<Uint8Array>): AsyncGenerator<StatusResponse> {
  let rest = new Uint8Array();
  for await (const part of parts) {
    rest = rest.length === 0 ? Uint8Array.from(part) : Uint8Array.from(Buffer.concat([rest, part]));
    let at = 0;
    for (;;) {
      const end = endOfMessage(rest, at);
      if (end === undefined) break;
      yield StatusResponse.decode(rest.subarray(at + 4, end));
      at = end;
    }
    rest = rest.subarray(at);
  }
}

function endOfMessage(bytes: Uint8Array, at: number): number | undefined {
  if (bytes.length < at + 4) return undefined;
  const end = at + 4 + new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
  return end <= bytes.length ? end : undefined;
}

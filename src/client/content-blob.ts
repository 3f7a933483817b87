import { Content } from "../gen/content.ts";
import type { Channel } from "../rpc/channel.ts";

/** The parts of a blob that the daemon keeps with its history, in order. A part is about 1 MiB. */
export async function* readContent(channel: Channel, digest: string): AsyncGenerator<Uint8Array> {
  for await (const { data } of channel.stream(Content.Read, { digest })) yield data;
}

/** A whole blob, for those that are small. */
export async function readWholeContent(channel: Channel, digest: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of readContent(channel, digest)) parts.push(part);
  return Buffer.concat(parts);
}

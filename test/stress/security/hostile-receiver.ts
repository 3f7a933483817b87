import { FileSync } from "../../../src/gen/filesync.ts";
import type { Channel } from "../../../src/rpc/channel.ts";
import type { Metadata } from "../../../src/rpc/metadata.ts";
import { errorText, type Packet, packetType, readPacket } from "../../../src/session/fsutil/packet.ts";
import { PacketWriter } from "../../../src/session/fsutil/packet-writer.ts";

export interface Received {
  /** Paths of the list. */
  readonly paths: readonly string[];
  /** Data by path, of everything that was asked for. */
  readonly data: ReadonlyMap<string, string>;
  /** What the client said instead of an end. */
  readonly error: string | undefined;
}

export interface ReceiveOptions {
  /** Which ids are asked for; by default each that may have data. */
  readonly ask?: (packet: Packet, id: number) => readonly number[];
  /** Called before the data of a file is asked for. */
  readonly before?: (path: string) => void;
}

const anyKind = 0x8f280000;

/** Asks for a directory as a daemon does, with headers and requests as they are, and keeps what comes. */
export async function receiveFiles(
  channel: Channel,
  metadata: Metadata,
  options: ReceiveOptions = {},
): Promise<Received> {
  const call = channel.open(FileSync.DiffCopy.path, { metadata });
  const writer = new PacketWriter();
  const paths: string[] = [];
  const data = new Map<string, string>();
  const waiting = new Set<number>();
  let error: string | undefined;
  let isListed = false;
  const endIfDone = () => isListed && waiting.size === 0 && call.send(writer.fin());
  const take = (packet: Packet) => {
    if (packet.type === packetType.error) error = errorText(packet);
    if (packet.type === packetType.data && packet.data.length === 0) waiting.delete(packet.id);
    else if (packet.type === packetType.data) {
      const path = paths[packet.id] ?? "";
      data.set(path, (data.get(path) ?? "") + Buffer.from(packet.data).toString("latin1"));
    }
    if (packet.type === packetType.stat && packet.stat === undefined) isListed = true;
    else if (packet.type === packetType.stat && packet.stat !== undefined) {
      const id = paths.push(packet.stat.path) - 1;
      options.before?.(packet.stat.path);
      const own = (packet.stat.mode & anyKind) === 0 ? [id] : [];
      for (const asked of options.ask?.(packet, id) ?? own) {
        waiting.add(asked);
        call.send(writer.request(asked));
      }
    }
    endIfDone();
  };
  call.start({ message: (bytes) => take(readPacket(bytes)), end: () => {}, cancel: () => {} });
  const status = await Promise.race([call.status, Bun.sleep(10_000).then(() => undefined)]);
  if (status === undefined) throw new Error("the transfer never ends");
  return { paths, data, error: error ?? (status.code === 0 ? undefined : status.message) };
}

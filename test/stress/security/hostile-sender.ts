import { FileSend } from "../../../src/gen/filesync.ts";
import type { Channel } from "../../../src/rpc/channel.ts";
import type { Metadata } from "../../../src/rpc/metadata.ts";
import type { Status } from "../../../src/rpc/status.ts";
import { errorText, packetType, readPacket } from "../../../src/session/fsutil/packet.ts";
import { PacketWriter } from "../../../src/session/fsutil/packet-writer.ts";
import type { Stat } from "../../../src/session/fsutil/stat.ts";

export type HostileEntry = Partial<Stat> & { readonly path: string; readonly data?: string };

export interface Sent {
  readonly status: Status;
  /** What the client said instead of FIN. */
  readonly error: string | undefined;
  readonly asked: readonly number[];
}

/** Bits of Go's os.FileMode. */
export const kind = {
  directory: 0x80000000,
  link: 0x08000000,
  device: 0x04000000,
  fifo: 0x02000000,
  socket: 0x01000000,
  setuid: 0x00800000,
  character: 0x00200000,
  irregular: 0x00080000,
} as const;

/** Sends entries as they are, whatever rules they break, and the data of those that are asked for. */
export async function sendEntries(
  channel: Channel,
  entries: readonly HostileEntry[],
  options: { readonly metadata?: Metadata; readonly behind?: (writer: PacketWriter) => readonly Uint8Array[] } = {},
): Promise<Sent> {
  const metadata = options.metadata ?? [["buildkit-attachable-exporter-id", "0"]];
  const call = channel.open(FileSend.DiffCopy.path, { metadata });
  const writer = new PacketWriter();
  const asked: number[] = [];
  let error: string | undefined;
  call.start({
    message: (bytes) => {
      const packet = readPacket(bytes);
      if (packet.type === packetType.error) error = errorText(packet);
      if (packet.type === packetType.fin) call.send(writer.fin());
      if (packet.type !== packetType.request) return;
      asked.push(packet.id);
      const data = Buffer.from(entries[packet.id]?.data ?? "", "latin1");
      if (data.length > 0) call.send(dataPacket(writer, packet.id, data));
      call.send(writer.endOfFile(packet.id));
    },
    end: () => {},
    cancel: () => {},
  });
  for (const entry of entries) call.send(writer.stat(statOf(entry)));
  call.send(new Uint8Array(0));
  for (const packet of options.behind?.(writer) ?? []) call.send(packet);
  const status = await Promise.race([call.status, Bun.sleep(10_000).then(() => undefined)]);
  if (status === undefined) throw new Error("the transfer never ends");
  return { status, error, asked };
}

export function dataPacket(writer: PacketWriter, id: number, data: Buffer): Uint8Array {
  return writer.data(id, data.length, (buffer, start) => data.copy(buffer, start)) ?? new Uint8Array(0);
}

function statOf({ data = "", mode = 0o644, ...given }: HostileEntry): Stat {
  return {
    mode: mode >>> 0,
    uid: 0,
    gid: 0,
    size: data.length,
    modTime: 0n,
    linkname: "",
    devmajor: 0,
    devminor: 0,
    xattrs: [],
    ...given,
  };
}

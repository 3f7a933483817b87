import { LuakitError } from "../../diagnostic/luakit-error.ts";
import type { MessageReceiver, ServerCall } from "../../rpc/message-stream.ts";
import { makeStatus, statusCode } from "../../rpc/status.ts";
import { type ByteString, toByteString } from "./byte-string.ts";
import type { Destination } from "./destination.ts";
import { fileError } from "./file-error.ts";
import { MessageQueue } from "./message-queue.ts";
import { errorText, type Packet, packetType, readPacket } from "./packet.ts";
import { PacketWriter } from "./packet-writer.ts";
import type { ReceivedFile } from "./received-file.ts";
import type { Stat } from "./stat.ts";
import type { TransferHooks } from "./transfer-hooks.ts";
import { TreeWriter } from "./tree-writer.ts";

/** Files that are asked for at a time. BuildKit's sender, when it is cancelled while it has more to do, never ends. */
const mostAsked = 128;
const nothing: Uint8Array = new Uint8Array(0);

/**
 * Writes the tree that the peer of a call sends, as `fsutil.Receive` does, and finishes the call. All data are asked for.
 * When it fails the files that are not complete are removed. What comes back gives it up.
 */
export function receiveTree(call: ServerCall, destination: Destination, hooks: TransferHooks = {}): () => void {
  const receiver = new Receiver(call, destination, hooks);
  call.start(receiver);
  return () => receiver.cancel();
}

class Receiver implements MessageReceiver {
  readonly isBorrowing = true;
  readonly #call: ServerCall;
  readonly #destination: Destination;
  readonly #hooks: TransferHooks;
  readonly #packets: PacketWriter;
  #writer: TreeWriter | undefined;
  /** Files that were asked for and are not complete, by id. */
  readonly #files = new Map<number, ReceivedFile>();
  /** Ids of those that were not asked for yet, how many of them were meanwhile, and the packets that listed them. */
  #unasked: number[] = [];
  #nextUnasked = 0;
  readonly #listed = new MessageQueue();
  #entries = 0;
  #bytes = 0;
  #path: ByteString = "";
  #isListComplete = false;
  /** All is written, and the daemon was told so. */
  #isComplete = false;
  #isOver = false;

  constructor(call: ServerCall, destination: Destination, hooks: TransferHooks) {
    this.#call = call;
    this.#packets = new PacketWriter((callback) => call.whenTaken(callback));
    this.#destination = destination;
    this.#hooks = hooks;
  }

  message(borrowed: Uint8Array): void {
    if (this.#isOver) return;
    this.#bytes += borrowed.length;
    try {
      // Data are written at once; what stats hold is kept.
      const bytes = isData(borrowed) ? borrowed : new Uint8Array(borrowed);
      this.#receive(readPacket(bytes), bytes);
    } catch (error) {
      this.#fail(error);
    }
    this.#hooks.onProgress?.({ bytes: this.#bytes, entries: this.#entries, path: this.#path });
  }

  end(): void {
    if (this.#isComplete || this.#isOver) this.#finish();
    else this.#fail(broken("it sends no more before all is there"));
  }

  cancel(): void {
    this.#close();
  }

  #receive(packet: Packet, bytes: Uint8Array): void {
    if (packet.type === packetType.data) this.#receiveData(packet);
    else if (packet.type === packetType.stat) this.#receiveEntry(packet.stat, bytes);
    else if (packet.type === packetType.error) throw broken(errorText(packet));
    else if (packet.type === packetType.fin) {
      if (!this.#isComplete) throw broken("it says that it is done before all is there");
      this.#finish();
    }
  }

  #receiveEntry(stat: Stat | undefined, bytes: Uint8Array): void {
    if (this.#isListComplete) throw broken("it sends an entry behind the last");
    this.#writer ??= new TreeWriter(this.#destination);
    if (stat === undefined) {
      this.#isListComplete = true;
      this.#completeIfAllThere();
      return;
    }
    this.#path = stat.path;
    const isFile = this.#writer.add(stat);
    const id = this.#entries++;
    if (!isFile) return;
    // Daemons list everything at once: what waits is kept as it came, which takes the least memory.
    this.#unasked.push(id);
    this.#listed.push(bytes);
    this.#ask();
  }

  #ask(): void {
    while (this.#files.size < mostAsked && this.#nextUnasked < this.#unasked.length) {
      const id = this.#unasked[this.#nextUnasked++] ?? 0;
      const { stat } = readPacket(this.#listed.shift() ?? nothing);
      const file = stat && this.#writer?.open(stat);
      if (file === undefined) return;
      this.#files.set(id, file);
      this.#call.send(this.#packets.request(id));
    }
    if (this.#nextUnasked < this.#unasked.length) return;
    this.#unasked = [];
    this.#nextUnasked = 0;
  }

  #receiveData({ id, data }: Packet): void {
    const file = this.#files.get(id);
    if (file === undefined) throw broken(`it sends data of the file ${id}, which nobody asked for`);
    this.#path = file.stat.path;
    if (data.length > 0) {
      file.write(data);
      return;
    }
    this.#writer?.complete(file);
    this.#files.delete(id);
    this.#ask();
    this.#completeIfAllThere();
  }

  #completeIfAllThere(): void {
    if (!this.#isListComplete || this.#files.size > 0) return;
    this.#writer?.finish();
    this.#writer = undefined;
    this.#isComplete = true;
    this.#call.send(this.#packets.fin());
  }

  #finish(): void {
    this.#close();
    this.#call.finish();
  }

  #fail(error: unknown): void {
    const path = `${toByteString(this.#destination.path)}/${this.#path}`;
    const failure = fileError("file.write", "write", path, error);
    this.#call.send(this.#packets.error(failure.message));
    this.#close();
    this.#call.finish(makeStatus(statusCode.unknown, failure.message));
    this.#hooks.onFailure?.(failure);
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const file of this.#files.values()) file.abort();
    this.#files.clear();
    this.#writer?.close();
    this.#writer = undefined;
  }
}

/** Whether a packet begins with the type of data. */
function isData(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && bytes[1] === packetType.data;
}

function broken(text: string): LuakitError {
  return new LuakitError("file.transfer", `the daemon ends the transfer: ${text}`);
}

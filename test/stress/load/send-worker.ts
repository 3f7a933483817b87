import type { MessageReceiver, ServerCall } from "../../../src/rpc/message-stream.ts";
import { LocalTree } from "../../../src/session/fsutil/local-tree.ts";
import { packetType, readPacket } from "../../../src/session/fsutil/packet.ts";
import { PacketWriter } from "../../../src/session/fsutil/packet-writer.ts";
import { sendTree } from "../../../src/session/fsutil/send.ts";

/**
 * Sends the directory that is its argument to a daemon that is not there: all files are asked for, and none of them is
 * answered for before the list is complete, as of a daemon that is slow. Writes what came as JSON.
 */
const [directory = ""] = process.argv.slice(2);
const packets = new PacketWriter();
const counted = { files: 0, bytes: 0, sum: 0 };
const waiting: number[] = [];
let receiver: MessageReceiver | undefined;
let entries = 0;
let complete = 0;
let room = 64;

/** The daemon takes so many packets, then stops for a moment. */
function take(bytes: Uint8Array): boolean {
  const packet = readPacket(bytes);
  if (packet.type === packetType.stat) takeEntry(packet.stat?.mode);
  else if (packet.type === packetType.data) takeData(packet.data);
  if (--room > 0) return true;
  room = 64;
  setImmediate(() => receiver?.drain?.());
  return false;
}

function takeEntry(mode: number | undefined): void {
  if (mode === undefined) setImmediate(ask);
  else if ((mode & 0x8000_0000) === 0) waiting.push(entries++);
  else entries++;
}

function takeData(data: Uint8Array): void {
  if (data.length > 0) {
    counted.bytes += data.length;
    for (const byte of data) counted.sum += byte;
    return;
  }
  counted.files++;
  if (++complete === waiting.length) receiver?.message(packets.fin().slice());
}

function ask(): void {
  for (const id of waiting) receiver?.message(packets.request(id).slice());
}

const call: ServerCall = {
  path: "",
  metadata: [],
  start(given) {
    receiver = given;
  },
  send: (...parts) => take(Buffer.concat(parts)),
  whenTaken: (callback) => callback(),
  pause() {},
  resume() {},
  finish(status) {
    process.stdout.write(`${JSON.stringify({ ...counted, entries, failure: status?.message })}\n`);
  },
};
sendTree(call, new LocalTree(directory, undefined), {});

import type { MessageReceiver, ServerCall } from "../../../src/rpc/message-stream.ts";
import { MadeEntries } from "../../../src/session/fsutil/made-entries.ts";
import { packetType, readPacket } from "../../../src/session/fsutil/packet.ts";
import { PacketWriter } from "../../../src/session/fsutil/packet-writer.ts";
import { receiveTree } from "../../../src/session/fsutil/receive.ts";

/**
 * Writes so many files to a directory, both of which are its arguments, as a daemon that is not there sends them: the
 * whole list first, then what is asked for. Writes how it ended as JSON.
 */
const [directory = "", count = "0"] = process.argv.slice(2);
const packets = new PacketWriter();
const asked: number[] = [];
let receiver: MessageReceiver | undefined;
let isComplete = false;

const call: ServerCall = {
  path: "",
  metadata: [],
  start(given) {
    receiver = given;
  },
  send(...parts) {
    const packet = readPacket(Buffer.concat(parts));
    if (packet.type === packetType.request) asked.push(packet.id);
    if (packet.type === packetType.fin) isComplete = true;
    return true;
  },
  whenTaken: (callback) => callback(),
  pause() {},
  resume() {},
  finish(status) {
    process.stdout.write(`${JSON.stringify({ isComplete, failure: status?.message })}\n`);
  },
};

let entries = 0;

function list(path: string, mode: number, size: number): number {
  const rest = { uid: 0, gid: 0, modTime: 1_700_000_000_123_456_789n, linkname: "", devmajor: 0, devminor: 0 };
  receiver?.message(packets.stat({ path, mode, size, xattrs: [], ...rest }).slice());
  return entries++;
}

const made = new MadeEntries(directory);
const directories = new Set<string>();
receiveTree(call, { path: directory, mode: "copy", owner: undefined, libc: undefined, made, directories });
for (let index = 0; index < Number(count); index++) {
  const parent = `d${String(Math.floor(index / 1000)).padStart(5, "0")}`;
  if (index % 1000 === 0) list(parent, 0x8000_01ed, 0);
  const text = `${index}\n`;
  list(`${parent}/f${String(index).padStart(8, "0")}`, 0o644, text.length);
}
receiver?.message(packets.endOfList());

/** A hundred at a time, so that whoever looks at this process has something to see. */
function answer(): void {
  for (const id of asked.splice(0, 100)) {
    // Before every thousand files there is a directory.
    const text = Buffer.from(`${id - Math.floor(id / 1001) - 1}\n`);
    receiver?.message(packets.data(id, text.length, (buffer, start) => text.copy(buffer, start))?.slice() ?? text);
    receiver?.message(packets.endOfFile(id).slice());
  }
  if (asked.length > 0) setImmediate(answer);
  else receiver?.end();
}
setImmediate(answer);

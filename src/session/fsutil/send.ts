import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { errorCode } from "../../diagnostic/system-error.ts";
import type { MessageReceiver, ServerCall } from "../../rpc/message-stream.ts";
import { makeStatus, statusCode } from "../../rpc/status.ts";
import type { ByteString } from "./byte-string.ts";
import { fileError } from "./file-error.ts";
import { carriesData } from "./file-mode.ts";
import { type FilterRules, makeFilter } from "./filter.ts";
import { ListedFiles } from "./listed-files.ts";
import type { LocalTree } from "./local-tree.ts";
import { errorText, packetType, readPacket } from "./packet.ts";
import { dataHeadSize, PacketWriter, slabSize } from "./packet-writer.ts";
import { SentFile } from "./sent-file.ts";
import type { TransferHooks } from "./transfer-hooks.ts";
import { Walk } from "./walk.ts";

/** One read of a file and one packet. */
const chunkSize = slabSize - dataHeadSize;
/** Milliseconds of work after which everything else on the event loop has its turn. */
const slice = 4;
/** Steps between two looks at the clock. */
const stepsAtOnce = 16;

/**
 * Sends a tree to the peer of a call, as `fsutil.Send` does, and finishes the call. A file that cannot be read any more
 * when it is asked for fails the transfer: an empty one in its place would be wrong without a word.
 */
export function sendTree(call: ServerCall, tree: LocalTree, rules: FilterRules, hooks: TransferHooks = {}): void {
  const sender = new Sender(call, tree, hooks);
  call.start(sender);
  sender.begin(rules);
}

class Sender implements MessageReceiver {
  readonly #call: ServerCall;
  readonly #tree: LocalTree;
  readonly #hooks: TransferHooks;
  readonly #writer: PacketWriter;
  /** Undefined before it began and after the last entry. */
  #walk: Walk | undefined;
  readonly #listed = new ListedFiles();
  #entries = 0;
  /** Ids, of which those before the next one are done. */
  #requests: number[] = [];
  #nextRequest = 0;
  #file: SentFile | undefined;
  #bytes = 0;
  /** What was sent last. */
  #path: ByteString = "";
  #isBlocked = false;
  #isScheduled = false;
  #isOver = false;

  constructor(call: ServerCall, tree: LocalTree, hooks: TransferHooks) {
    this.#call = call;
    this.#writer = new PacketWriter((callback) => call.whenTaken(callback));
    this.#tree = tree;
    this.#hooks = hooks;
  }

  begin(rules: FilterRules): void {
    try {
      this.#walk = new Walk(this.#tree, makeFilter(this.#tree, rules));
    } catch (error) {
      this.#fail(error);
    }
    this.#run();
  }

  message(bytes: Uint8Array): void {
    if (this.#isOver) return;
    try {
      this.#receive(bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  end(): void {
    // The daemon says with FIN that it has all; without, it gave up.
    this.#close();
    this.#call.finish();
  }

  cancel(): void {
    this.#close();
  }

  drain(): void {
    this.#isBlocked = false;
    this.#run();
  }

  #receive(bytes: Uint8Array): void {
    const packet = readPacket(bytes);
    if (packet.type === packetType.request) {
      if (!this.#listed.ask(packet.id)) throw broken(`it asks for the file ${packet.id}, which it cannot`);
      this.#requests.push(packet.id);
      // Requests come in many at a time; what they lead to is done once for all of them.
      this.#schedule(queueMicrotask);
    } else if (packet.type === packetType.fin) {
      this.#call.send(this.#writer.fin());
      this.#report();
      this.#close();
      this.#call.finish();
    } else if (packet.type === packetType.error) {
      throw broken(errorText(packet));
    }
  }

  #schedule(later: (run: () => void) => void): void {
    if (this.#isScheduled || this.#isOver) return;
    this.#isScheduled = true;
    later(() => {
      this.#isScheduled = false;
      this.#run();
    });
  }

  /** Works until there is nothing to do or no room, but not for long. */
  #run(): void {
    const end = performance.now() + slice;
    try {
      let goesOn = true;
      while (goesOn && performance.now() < end) goesOn = this.#steps();
      this.#report();
      if (goesOn) this.#schedule(setImmediate);
    } catch (error) {
      this.#fail(error);
    }
  }

  #steps(): boolean {
    for (let count = 0; count < stepsAtOnce; count++) if (!this.#step()) return false;
    return true;
  }

  /** One entry and one piece of a file: the daemon works on both. False when there is nothing to do now. */
  #step(): boolean {
    if (this.#isBlocked || this.#isOver) return false;
    const hasRequest = this.#file !== undefined || this.#nextRequest < this.#requests.length;
    if (!hasRequest && this.#walk === undefined) return false;
    if (hasRequest) this.#serve();
    if (this.#walk !== undefined) this.#sendEntry(this.#walk);
    return true;
  }

  #sendEntry(walk: Walk): void {
    const stat = walk.next();
    if (stat === undefined) {
      this.#walk = undefined;
      this.#send(this.#writer.endOfList());
      return;
    }
    this.#entries++;
    this.#listed.add(stat.path, carriesData(stat.mode) ? stat.size : undefined);
    this.#path = stat.path;
    this.#send(this.#writer.stat(stat));
  }

  /** Goes on with the file that is under way, or with the next. */
  #serve(): void {
    this.#file ??= this.#openNext();
    if (this.#file !== undefined) this.#sendPiece(this.#file);
  }

  #openNext(): SentFile | undefined {
    const id = this.#requests[this.#nextRequest++];
    if (this.#nextRequest === this.#requests.length) {
      this.#requests = [];
      this.#nextRequest = 0;
    }
    if (id === undefined) return undefined;
    const { path, size } = this.#listed.get(id);
    this.#path = path;
    const fd = this.#open(path);
    if (fd !== undefined) return new SentFile(id, fd, { path: this.#tree.path(path), size });
    this.#send(this.#writer.endOfFile(id));
    return undefined;
  }

  #open(path: ByteString): number | undefined {
    try {
      return this.#tree.openFile(path);
    } catch (error) {
      // The protocol has no word for sockets: the daemon takes one for a file and asks for its data.
      if (error instanceof LuakitError && errorCode(error.cause) === "ENXIO") return undefined;
      throw error;
    }
  }

  #sendPiece(file: SentFile): void {
    const most = Math.min(chunkSize, file.left);
    const packet = this.#writer.data(file.id, most, (buffer, start) => file.read(buffer, start, most));
    if (packet !== undefined) this.#send(packet);
    if (file.left > 0) return;
    this.#send(this.#writer.endOfFile(file.id));
    this.#closeFile();
  }

  #send(packet: Uint8Array): void {
    this.#bytes += packet.length;
    if (!this.#call.send(packet)) this.#isBlocked = true;
  }

  #report(): void {
    this.#hooks.onProgress?.({ bytes: this.#bytes, entries: this.#entries, path: this.#path });
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    const failure = fileError("file.read", "send", this.#tree.path(this.#path), error);
    this.#call.send(this.#writer.error(failure.message));
    this.#close();
    this.#call.finish(makeStatus(statusCode.unknown, failure.message));
    this.#hooks.onFailure?.(failure);
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#walk = undefined;
    this.#closeFile();
    this.#tree.close();
  }

  #closeFile(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

function broken(text: string): LuakitError {
  return new LuakitError("file.transfer", `the daemon ends the transfer: ${text}`);
}

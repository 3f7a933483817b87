import { errorCode } from "../diagnostic/system-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import type { UnixAddress } from "./address.ts";
import { formatAddress } from "./format-address.ts";
import { connectSocket, type SocketOptions } from "./socket-stream.ts";
import { describeFailure, socketDenied, unreachable } from "./unreachable.ts";

/** Connects to a socket in the file system. Rejects with "daemon.unreachable". */
export async function dialUnix(address: UnixAddress, options: SocketOptions = {}): Promise<ByteStream> {
  try {
    return await connectSocket({ unix: address.path }, options);
  } catch (cause) {
    const denied = ["EACCES", "EPERM"].includes(errorCode(cause));
    throw unreachable(formatAddress(address), describeFailure(cause), {
      cause,
      ...(denied && { hint: socketDenied }),
    });
  }
}

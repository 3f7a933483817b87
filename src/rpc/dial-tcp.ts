import type { ByteStream } from "../h2/byte-stream.ts";
import type { TcpAddress } from "./address.ts";
import { formatAddress } from "./format-address.ts";
import { connectSocket, type SocketOptions } from "./socket-stream.ts";
import { describeFailure, unreachable } from "./unreachable.ts";

/** Connects to a port, without TLS. Rejects with "daemon.unreachable". */
export async function dialTcp(address: TcpAddress, options: SocketOptions = {}): Promise<ByteStream> {
  try {
    return await connectSocket({ hostname: address.host, port: address.port }, options);
  } catch (cause) {
    throw unreachable(formatAddress(address), describeFailure(cause), { cause });
  }
}

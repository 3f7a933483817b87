import type { ByteStream } from "../h2/byte-stream.ts";
import type { TcpAddress } from "./address.ts";
import { formatAddress } from "./format-address.ts";
import { connectSocket } from "./socket-stream.ts";
import { describeFailure, unreachable } from "./unreachable.ts";

/** The first byte of a TLS record that carries an alert: what a daemon with TLS answers to plain bytes. */
const tlsAlert = 0x15;

/** Connects to a port, without TLS. Rejects with "daemon.unreachable". */
export async function dialTcp(address: TcpAddress): Promise<ByteStream> {
  const place = formatAddress(address);
  try {
    return await connectSocket(
      { hostname: address.host, port: address.port },
      {
        judgeFirst: (bytes) =>
          bytes[0] === tlsAlert
            ? unreachable(place, "the daemon wants TLS", { hint: "give --tlscacert, and --tlscert with --tlskey" })
            : undefined,
      },
    );
  } catch (cause) {
    throw unreachable(place, describeFailure(cause), { cause });
  }
}

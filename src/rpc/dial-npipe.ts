import { sep } from "node:path";
import type { ByteStream } from "../h2/byte-stream.ts";
import type { NpipeAddress } from "./address.ts";
import { formatAddress } from "./format-address.ts";
import { connectSocket } from "./socket-stream.ts";
import { describeFailure, unreachable } from "./unreachable.ts";

/** Connects to a named pipe of Windows. Rejects with "daemon.unreachable". */
export async function dialNpipe(address: NpipeAddress): Promise<ByteStream> {
  const place = formatAddress(address);
  if (sep !== "\\") throw unreachable(place, "named pipes are only on Windows");
  try {
    return await connectSocket({ unix: address.path.replaceAll("/", "\\") });
  } catch (cause) {
    throw unreachable(place, describeFailure(cause), { cause });
  }
}

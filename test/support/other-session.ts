import { parseAddress } from "../../src/rpc/address.ts";
import { openChannel } from "../../src/rpc/channel.ts";
import { dial } from "../../src/rpc/dial.ts";
import { fileSync, type LocalDirectory } from "../../src/session/file-sync.ts";
import { openSession } from "../../src/session/session.ts";
import { unique } from "./build.ts";
import { withEngineSocket } from "./engine-socket.ts";

/** Calls with the id of a session beside that of any build, which sends the daemon these directories. */
export function withSession<T>(
  daemon: string,
  directories: readonly LocalDirectory[],
  use: (id: string) => Promise<T>,
): Promise<T> {
  return withEngineSocket(daemon, async (addr) => {
    const channel = openChannel(await dial(parseAddress(addr)));
    const session = openSession(channel, { id: unique(), sharedKey: "", services: [fileSync(directories)] });
    try {
      return await use(session.id);
    } finally {
      session.close();
      await session.closed;
      channel.close();
    }
  });
}

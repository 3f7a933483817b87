import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Control } from "../gen/control.ts";
import type { Channel } from "../rpc/channel.ts";
import type { Metadata } from "../rpc/metadata.ts";
import { type Service, serve } from "../rpc/server.ts";
import { tunnel } from "../rpc/tunnel.ts";
import { health } from "./health.ts";

export interface SessionOptions {
  /** Any text that no other session has, without a colon. */
  readonly id: string;
  /** What the daemon keeps local files under from build to build; "" for none of one's own. */
  readonly sharedKey: string;
  readonly services: readonly Service[];
}

export interface Session {
  readonly id: string;
  /** Resolves when the session is over: undefined when we closed it, else "session.broken" or "daemon.gone". */
  readonly closed: Promise<LuakitError | undefined>;
  /** Finishes the calls that are open and ends the session. */
  close(): void;
}

/** How long the daemon may take to end a session that we closed, in milliseconds. */
const grace = 1000;

/** Bytes that a daemon on this machine may send before what it sends is written: memory that a slow disk fills. */
const nearWindow = 4 * 1024 * 1024;

/** How long to wait for the news that it was the connection that broke, in milliseconds. */
const settle = 50;

/** Opens a session with the daemon: it may call the services, and health, until the session is closed. */
export function openSession(channel: Channel, { id, sharedKey, services }: SessionOptions): Session {
  const all = [health(), ...services];
  const call = channel.open(Control.Session.path, { metadata: sessionMetadata(id, sharedKey, all) });
  const server = serve(tunnel(call), all, channel.isNear ? nearWindow : undefined);
  let closing = false;
  const closed = server.closed.then(async (error) => {
    call.cancel();
    if (closing) return undefined;
    const connection = await Promise.race([channel.closed, Bun.sleep(settle).then(() => "open" as const)]);
    if (connection !== "open") return connection;
    const { code, message } = await call.status;
    const why = code === 0 ? "the daemon ended it" : (error?.message ?? message);
    return new LuakitError("session.broken", `the session with the daemon broke: ${why}`, { cause: error });
  });
  return {
    id,
    closed,
    close() {
      if (closing) return;
      closing = true;
      server.close();
      const timer = setTimeout(() => server.destroy(), grace);
      closed.then(() => clearTimeout(timer));
    },
  };
}

/** The fields by which the daemon knows a session; the methods are one field each. */
function sessionMetadata(id: string, sharedKey: string, services: readonly Service[]): Metadata {
  return [
    ["x-docker-expose-session-uuid", id],
    ["x-docker-expose-session-sharedkey", sharedKey],
    ...services.flat().map(([path]) => ["x-docker-expose-session-grpc-method", path] as const),
  ];
}

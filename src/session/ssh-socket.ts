import { LuakitError } from "../diagnostic/luakit-error.ts";
import { SSH } from "../gen/ssh.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import { beforeDeadline } from "../rpc/deadline.ts";
import type { ServerCall } from "../rpc/message-stream.ts";
import { connectSocket } from "../rpc/socket-stream.ts";
import { makeStatus, statusCode } from "../rpc/status.ts";
import { describeFailure } from "../rpc/unreachable.ts";
import { bytesField } from "./bytes-field.ts";

const dialTimeout = 2000;

/** Connects to a socket, or to a named pipe of Windows, within 2 s. Throws "ssh.agent". */
export async function dialSocket(path: string): Promise<ByteStream> {
  try {
    return await beforeDeadline(connectSocket({ unix: path }), path, { timeout: dialTimeout });
  } catch (cause) {
    const reason =
      cause instanceof LuakitError ? cause.message : `cannot connect to ${path}: ${describeFailure(cause)}`;
    throw new LuakitError("ssh.agent", reason, { cause });
  }
}

/**
 * Carries the bytes of a ForwardAgent call to a connection and back, whatever they mean. The daemon's half close is
 * passed on; when the other side is done, so is the call.
 */
export function forwardBytes(call: ServerCall, connection: ByteStream): void {
  let over = false;
  const finish = (error?: Error) => {
    if (over) return;
    over = true;
    call.finish(error === undefined ? undefined : makeStatus(statusCode.unknown, error.message));
    connection.destroy();
  };
  call.start({
    message: (bytes) => {
      try {
        if (!connection.write(SSH.ForwardAgent.request.decode(bytes).data)) call.pause();
      } catch {
        finish(new RangeError("a message is damaged"));
      }
    },
    end: () => connection.end(),
    cancel: () => {
      over = true;
      connection.destroy();
    },
    drain: () => connection.resume(),
  });
  connection.start({
    data: (bytes) => {
      // A Buffer's slice() would not copy.
      if (!over && !call.send(bytesField(1, bytes.length), new Uint8Array(bytes))) connection.pause();
    },
    drain: () => call.resume(),
    end: () => finish(),
    close: finish,
  });
}

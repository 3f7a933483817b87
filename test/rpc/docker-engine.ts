import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DockerAddress } from "../../src/rpc/address.ts";

export interface FakeEngine extends Disposable {
  readonly address: DockerAddress;
  /** All that it was sent. */
  readonly received: () => string;
  /** Ends the connection. */
  hangUp(): void;
}

/** An engine that answers the head of each request with `answer`, then hands the connection over. */
export function fakeEngine(
  answer: string,
  more?: (socket: Bun.Socket<undefined>, bytes: Uint8Array) => void,
): FakeEngine {
  const directory = mkdtempSync(join(tmpdir(), "luakit-engine-"));
  const path = join(directory, "docker.sock");
  let received = "";
  let isAnswered = false;
  let connected: Bun.Socket<undefined> | undefined;
  const listener = Bun.listen({
    unix: path,
    allowHalfOpen: true,
    socket: {
      open(socket) {
        connected = socket;
      },
      data(socket, bytes) {
        received += new TextDecoder("latin1").decode(bytes);
        if (isAnswered) more?.(socket, bytes);
        else if (received.includes("\r\n\r\n")) {
          isAnswered = true;
          socket.write(answer);
        }
      },
      end: (socket) => {
        socket.end();
      },
    },
  });
  return {
    address: { scheme: "docker", engine: { scheme: "unix", path } },
    received: () => received,
    hangUp: () => connected?.end(),
    [Symbol.dispose]() {
      listener.stop(true);
      rmSync(directory, { recursive: true });
    },
  };
}

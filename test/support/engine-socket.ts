import { rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const request = "POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

/**
 * Calls with an address that buildctl can dial, which is `docker+unix:` for BuildKit's own connections: a socket that
 * leads to the BuildKit inside a Docker Engine. Other addresses are given as they are.
 */
export async function withEngineSocket<T>(addr: string, use: (addr: string) => Promise<T>): Promise<T> {
  const engine = /^docker\+unix:\/\/(.*)$/.exec(addr)?.[1];
  if (engine === undefined) return use(addr);
  const path = join(tmpdir(), `luakit-engine-${crypto.randomUUID().slice(0, 8)}.sock`);
  const server = createServer((client) => tunnel(client, engine));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    return await use(`unix://${path}`);
  } finally {
    server.close();
    rmSync(path, { force: true });
  }
}

function tunnel(client: Socket, engine: string): void {
  const upstream = connect(engine);
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
  upstream.write(request);
  let head = Buffer.alloc(0);
  const readHead = (bytes: Buffer) => {
    head = Buffer.concat([head, bytes]);
    const at = head.indexOf("\r\n\r\n");
    if (at < 0) return;
    upstream.off("data", readHead);
    if (!head.subarray(0, at).toString().includes(" 101 ")) return end();
    client.write(head.subarray(at + 4));
    upstream.pipe(client);
    client.pipe(upstream);
  };
  upstream.on("data", readHead);
}

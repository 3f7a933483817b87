import { connect, createServer } from "node:net";

/**
 * Forwards a port of this machine's loopback to `host:port` until it is disposed of. Several processes may forward the
 * same port at a time, all to the same place.
 */
export async function forwardPort(port: number, to: string): Promise<AsyncDisposable> {
  const [host = "", upstreamPort = ""] = to.split(":");
  const server = createServer((client) => {
    const upstream = connect(Number(upstreamPort), host);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on("error", end);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.on("error", reject);
  server.listen({ host: "127.0.0.1", port, reusePort: true }, resolve);
  await promise;
  return {
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

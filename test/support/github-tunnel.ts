import { connect, createServer, type Socket } from "node:net";

/** A proxy on loopback that leads connections to GitHub's names elsewhere, and refuses all others. */
export interface GithubTunnel extends AsyncDisposable {
  /** What `https_proxy` is to be. */
  readonly url: string;
  /** The hosts that were asked for, in order. */
  readonly hosts: readonly string[];
}

const names = ["github.com:443", "release-assets.githubusercontent.com:443"];

/** `port` is a port of this machine that speaks TLS as github.com. */
export async function openGithubTunnel(port: number): Promise<GithubTunnel> {
  const hosts: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client.on("error", () => {}));
    client.once("data", (head) => {
      const host = /^CONNECT (\S+) /.exec(head.toString("latin1"))?.[1] ?? "";
      hosts.push(host);
      if (!names.includes(host)) {
        client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
        return;
      }
      const far = connect(port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(far).pipe(client);
      });
      sockets.add(far.on("error", () => client.destroy()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the tunnel has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    hosts,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

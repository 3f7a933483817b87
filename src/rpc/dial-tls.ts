import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import type { TcpAddress } from "./address.ts";
import { judgeHttp2 } from "./expect-http2.ts";
import { formatAddress } from "./format-address.ts";
import { connectSocket } from "./socket-stream.ts";
import { dockerHints, explainAlert, explainHandshake, flagHints } from "./tls-failure.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";
import { gone, unreachable } from "./unreachable.ts";

/** The protocol to agree on: HTTP/2 with a BuildKit daemon, HTTP/1.1 with a Docker Engine. */
export type Protocol = "h2" | "http/1.1";

/** Connects to a port with TLS; the daemon is verified. Rejects with "daemon.unreachable", which says what is wrong. */
export async function dialTls(address: TcpAddress, files: TlsFiles, protocol: Protocol): Promise<ByteStream> {
  const place = formatAddress(address);
  const serverName = files.serverName ?? address.host;
  const attempt = { place, files, serverName, hints: protocol === "h2" ? flagHints : dockerHints };
  const tls = {
    ...readTlsFiles(files),
    serverName,
    // As TLS writes it: the name behind its length.
    ALPNProtocols: `${String.fromCharCode(protocol.length)}${protocol}`,
    rejectUnauthorized: files.insecure !== true,
  };
  try {
    return await connectSocket(
      { hostname: address.host, port: address.port, tls },
      {
        judgeFirst: protocol === "h2" ? (bytes) => judgeHttp2(bytes, place) : undefined,
        explainHandshake: (error, names) => explainHandshake(error, attempt, names),
        explain(error, received) {
          if (error instanceof LuakitError) return error;
          return received ? gone(error.message, error) : explainAlert(error, attempt);
        },
        silence: () => unreachable(place, "it ends the connection without an answer"),
      },
    );
  } catch (cause) {
    throw cause instanceof LuakitError ? cause : explainHandshake(cause, attempt);
  }
}

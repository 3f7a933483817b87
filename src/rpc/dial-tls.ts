import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import type { TcpAddress } from "./address.ts";
import { formatAddress } from "./format-address.ts";
import { connectSocket } from "./socket-stream.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";
import { describeFailure, errorName, gone, unreachable } from "./unreachable.ts";

/** The protocol to agree on, as TLS writes it: its length, then its name. */
export type Alpn = "\x02h2" | "\x08http/1.1";

/** Connects to a port with TLS; the daemon is verified. Rejects with "daemon.unreachable", which says what is wrong. */
export async function dialTls(address: TcpAddress, files: TlsFiles, alpn: Alpn): Promise<ByteStream> {
  const place = formatAddress(address);
  const pem = readTlsFiles(files);
  const serverName = files.serverName ?? address.host;
  const tls = { ...pem, serverName, ALPNProtocols: alpn, rejectUnauthorized: files.insecure !== true };
  try {
    return await connectSocket(
      { hostname: address.host, port: address.port, tls },
      // A daemon refuses a client's certificate only after the client has finished its handshake.
      { explain: (error, received) => (received ? gone(error.message, error) : explainAlert(error, place, files)) },
    );
  } catch (cause) {
    throw explainHandshake(cause, place, files, serverName);
  }
}

function explainHandshake(cause: unknown, place: string, files: TlsFiles, serverName: string): LuakitError {
  const name = errorName(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  const fail = (reason: string, hint?: string) => unreachable(place, reason, { cause, ...(hint && { hint }) });
  if (name === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = /altnames: .*altnames: (.*)$/.exec(message)?.[1];
    const known = names === undefined ? "" : `, only for ${names.replaceAll(/\b(?:DNS|IP Address):/g, "")}`;
    const hint = "name one that it is for with --tlsservername";
    return fail(`the daemon's certificate is not for "${serverName}"${known}`, known === "" ? undefined : hint);
  }
  if (name === "CERT_HAS_EXPIRED") return fail("the daemon's certificate has expired");
  if (name === "CERT_NOT_YET_VALID") return fail("the daemon's certificate is not valid yet; is the clock right?");
  if (/SIGNATURE|ISSUER|SELF_SIGNED|UNTRUSTED/.test(name)) return explainDistrust(fail, files);
  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST/.test(message))
    return fail("the daemon does not use TLS", "leave out the TLS flags");
  if (/KEY_VALUES_MISMATCH/.test(message))
    return fail(`the key ${files.key} does not belong to the certificate ${files.cert}`);
  if (message === "Invalid CA") return fail(`${files.ca} holds no usable certificate`);
  if (/ALERT/.test(message)) return explainAlert(cause, place, files);
  if (/before secure TLS connection/.test(message))
    return fail("the daemon closed the connection during the TLS handshake");
  return fail(describeFailure(cause));
}

function explainDistrust(fail: (reason: string, hint?: string) => LuakitError, files: TlsFiles): LuakitError {
  if (files.ca === undefined) {
    return fail(
      "the daemon's certificate is signed by nobody that this machine trusts",
      "give its authority with --tlscacert",
    );
  }
  return fail(`the daemon's certificate is not signed by an authority in ${files.ca}`);
}

function explainAlert(cause: unknown, place: string, files: TlsFiles): LuakitError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const alert = /ALERT_([A-Z_]+)/.exec(message)?.[1];
  if (files.cert === undefined && alert !== undefined) {
    const hint = "give --tlscert and --tlskey";
    return unreachable(place, "the daemon wants a client certificate", { cause, hint });
  }
  const why = alert === undefined ? message : alert.toLowerCase().replaceAll("_", " ");
  if (alert === undefined) return unreachable(place, describeFailure(cause), { cause });
  return unreachable(place, `the daemon does not accept the client certificate ${files.cert} (${why})`, { cause });
}

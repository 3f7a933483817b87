import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { frameType } from "../h2/frame.ts";
import type { SocketAddress } from "./address.ts";
import { formatAddress } from "./format-address.ts";
import type { SocketOptions } from "./socket-stream.ts";
import { unreachable } from "./unreachable.ts";

/** The first byte of a TLS record that carries an alert, which some servers with TLS answer to plain bytes. */
const tlsAlert = 0x15;

/** Characters of a banner that are shown. */
const longestLine = 60;

const useTls = "give --tlscacert, and --tlscert with --tlskey";

/** Tells a peer that is no BuildKit daemon by its first bytes, or by its having none. */
export function expectHttp2(address: SocketAddress): SocketOptions {
  const place = formatAddress(address);
  const hint = address.scheme === "tcp" ? { hint: `if it uses TLS, ${useTls}` } : {};
  return {
    judgeFirst: (bytes) => judgePlain(bytes, place),
    silence: () => unreachable(place, "it ends the connection without an answer", hint),
  };
}

function judgePlain(bytes: Uint8Array, place: string): LuakitError | undefined {
  if (bytes[0] === tlsAlert) return unreachable(place, "it wants TLS", { hint: useTls });
  return judgeHttp2(bytes, place);
}

/** The error of a peer at `place` whose first bytes are not those of HTTP/2. */
export function judgeHttp2(bytes: Uint8Array, place: string): LuakitError | undefined {
  if (mayBeSettings(bytes)) return undefined;
  const [line = ""] = new TextDecoder("latin1").decode(bytes.subarray(0, longestLine)).split(/[\r\n]/, 1);
  if (line.startsWith("HTTP/1.")) {
    const hint = `if it is a Docker Engine, write docker+${place}`;
    return unreachable(place, "it speaks HTTP/1.1, so it is no BuildKit daemon", { hint });
  }
  // A banner, as of ssh, says what it is.
  const what = /^[ -~]+$/.test(line) ? `it says ${JSON.stringify(line)}` : "it does not speak HTTP/2";
  return unreachable(place, `${what}, so it is no BuildKit daemon`);
}

/** A server begins with a SETTINGS frame (RFC 9113 section 3.4), which is never long; of the bytes not all may have come. */
function mayBeSettings(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) === 0 && (bytes[3] ?? frameType.settings) === frameType.settings;
}

import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { SocketAddress } from "./address.ts";
import { formatAddress } from "./format-address.ts";
import type { SocketOptions } from "./socket-stream.ts";
import { unreachable } from "./unreachable.ts";

/** The first byte of a TLS record that carries an alert, which some servers with TLS answer to plain bytes. */
const tlsAlert = 0x15;

const useTls = "give --tlscacert, and --tlscert with --tlskey";

/** Tells a peer that is no BuildKit daemon by its first bytes, or by its having none. */
export function expectHttp2(address: SocketAddress): SocketOptions {
  const place = formatAddress(address);
  const hint = address.scheme === "tcp" ? { hint: `if it uses TLS, ${useTls}` } : {};
  return {
    judgeFirst: (bytes) => judge(bytes, place),
    silence: () => unreachable(place, "it ends the connection without an answer", hint),
  };
}

function judge(bytes: Uint8Array, place: string): LuakitError | undefined {
  if (bytes[0] === tlsAlert) return unreachable(place, "it wants TLS", { hint: useTls });
  if (!new TextDecoder("latin1").decode(bytes.subarray(0, 7)).startsWith("HTTP/1.")) return undefined;
  const hint = `if it is a Docker Engine, write docker+${place}`;
  return unreachable(place, "it speaks HTTP/1.1, so it is no BuildKit daemon", { hint });
}

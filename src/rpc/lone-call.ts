import { encodeLoneRequest } from "../h2/lone-request.ts";
import type { Init, Method } from "../wire/codec.ts";
import { callHeaders } from "./call-headers.ts";
import { messageHead } from "./framing.ts";

/** The bytes of one small call that ends all talk on a connection, made before and sent by whoever can still write. */
export function encodeLoneCall<I>(method: Method<I, unknown>, request: Init<I>): Uint8Array {
  const message = method.request.encode(request);
  return encodeLoneRequest(callHeaders(method.path), Buffer.concat([messageHead(message.length), message]));
}

import { LLBBridge } from "../gen/gateway.ts";
import { encodeLoneCall } from "../rpc/lone-call.ts";
import type { Status } from "../rpc/status.ts";

/** What fits into the windows of any connection that is not busy, and into a pipe at once. */
const longestMessage = 2000;
const mostDetails = 1000;

/** The bytes that end a build with an error when nothing but writing them is possible any more. Long parts are cut. */
export function encodeLastReturn({ code, message, details }: Status): Uint8Array {
  const kept = details.reduce((sum, { value }) => sum + value.length, 0) > mostDetails ? [] : details;
  const error = {
    code,
    message: message.slice(0, longestMessage),
    details: kept.map(({ type, value }) => ({ type_url: type, value })),
  };
  return encodeLoneCall(LLBBridge.Return, { error });
}

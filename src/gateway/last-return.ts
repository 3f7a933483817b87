import { LLBBridge } from "../gen/gateway.ts";
import { encodeLoneCall } from "../rpc/lone-call.ts";
import type { Status } from "../rpc/status.ts";

/** What fits into the windows of any connection that is not busy, and into a pipe at once. */
const longestMessage = 3000;

/** The bytes that end a build with an error when nothing but writing them is possible any more; without details. */
export function encodeLastReturn({ code, message }: Status): Uint8Array {
  return encodeLoneCall(LLBBridge.Return, { error: { code, message: message.slice(0, longestMessage) } });
}

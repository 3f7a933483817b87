import { LLBBridge, type PongResponse } from "../gen/gateway.ts";
import { Platform } from "../gen/ops.ts";
import { type Codec, type Method, message } from "../wire/codec.ts";
import type { Cap } from "./caps.ts";

type Worker = Pick<PongResponse["Workers"][number], "platforms">;

/** What is read of the daemon's answer to Ping. */
export interface Pong {
  readonly FrontendAPICaps: readonly Cap[];
  readonly LLBCaps: readonly Cap[];
  readonly Workers: readonly Worker[];
}

// The answer is long and each build waits for it: what nobody reads is passed over.
const CapCodec: Codec<Cap> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "Enabled", "flag", "plain"],
]);

const WorkerCodec: Codec<Worker> = /* @__PURE__ */ message(() => [[3, "platforms", "message", "list", () => Platform]]);

const PongCodec: Codec<Pong> = /* @__PURE__ */ message(() => [
  [1, "FrontendAPICaps", "message", "list", () => CapCodec],
  [2, "LLBCaps", "message", "list", () => CapCodec],
  [3, "Workers", "message", "list", () => WorkerCodec],
]);

export const ping: Method<object, Pong> = { ...LLBBridge.Ping, response: PongCodec };

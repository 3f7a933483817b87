// Made from proto/moby/sshforward/v1/ssh.proto by scripts/generate.ts.
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface BytesMessage {
  readonly data: Uint8Array;
}

export const BytesMessage: Codec<BytesMessage> = /* @__PURE__ */ message(() => [
  [1, "data", "bytes", "plain"],
]);

export interface CheckAgentRequest {
  readonly ID: string;
}

export const CheckAgentRequest: Codec<CheckAgentRequest> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
]);

export interface CheckAgentResponse {
}

export const CheckAgentResponse: Codec<CheckAgentResponse> = /* @__PURE__ */ message(() => [
]);

export const SSH = {
  CheckAgent: { path: "/moby.sshforward.v1.SSH/CheckAgent", request: CheckAgentRequest, response: CheckAgentResponse } satisfies Method<CheckAgentRequest, CheckAgentResponse>,
  ForwardAgent: { path: "/moby.sshforward.v1.SSH/ForwardAgent", request: BytesMessage, response: BytesMessage } satisfies Method<BytesMessage, BytesMessage>,
} as const;

// Made from proto/moby/buildkit/v1/sourcepolicy/policysession/policysession.proto by scripts/generate.ts.
import { Platform, SourceOp } from "./ops.ts";
import { ResolveSourceMetaRequest, ResolveSourceMetaResponse } from "./gateway.ts";
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface CheckPolicyRequest {
  readonly Platform?: Platform | undefined;
  readonly Source?: ResolveSourceMetaResponse | undefined;
  readonly caps: Readonly<Record<string, boolean>>;
}

export const CheckPolicyRequest: Codec<CheckPolicyRequest> = /* @__PURE__ */ message(() => [
  [1, "Platform", "message", "optional", () => Platform],
  [2, "Source", "message", "optional", () => ResolveSourceMetaResponse],
  [3, "caps", "flag", "map"],
]);

export interface CheckPolicyResponse {
  readonly decision?: DecisionResponse | undefined;
  readonly request?: ResolveSourceMetaRequest | undefined;
}

export const CheckPolicyResponse: Codec<CheckPolicyResponse> = /* @__PURE__ */ message(() => [
  [1, "decision", "message", "optional", () => DecisionResponse],
  [2, "request", "message", "optional", () => ResolveSourceMetaRequest],
]);

export interface DecisionResponse {
  readonly action: number;
  readonly denyMessages: readonly DenyMessage[];
  readonly update?: SourceOp | undefined;
}

export const DecisionResponse: Codec<DecisionResponse> = /* @__PURE__ */ message(() => [
  [1, "action", "integer", "plain"],
  [2, "denyMessages", "message", "list", () => DenyMessage],
  [3, "update", "message", "optional", () => SourceOp],
]);

export interface DenyMessage {
  readonly message: string;
}

export const DenyMessage: Codec<DenyMessage> = /* @__PURE__ */ message(() => [
  [1, "message", "text", "plain"],
]);

export const PolicyVerifier = {
  CheckPolicy: { path: "/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/CheckPolicy", request: CheckPolicyRequest, response: CheckPolicyResponse } satisfies Method<CheckPolicyRequest, CheckPolicyResponse>,
} as const;

// Made from proto/moby/buildkit/secrets/v1/secrets.proto by scripts/generate.ts.
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface GetSecretRequest {
  readonly ID: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export const GetSecretRequest: Codec<GetSecretRequest> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "annotations", "text", "map"],
]);

export interface GetSecretResponse {
  readonly data: Uint8Array;
}

export const GetSecretResponse: Codec<GetSecretResponse> = /* @__PURE__ */ message(() => [
  [1, "data", "bytes", "plain"],
]);

export const Secrets = {
  GetSecret: { path: "/moby.buildkit.secrets.v1.Secrets/GetSecret", request: GetSecretRequest, response: GetSecretResponse } satisfies Method<GetSecretRequest, GetSecretResponse>,
} as const;

// Made from proto/grpc/health/v1/health.proto by scripts/generate.ts.
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface HealthCheckRequest {
  readonly service: string;
}

export const HealthCheckRequest: Codec<HealthCheckRequest> = /* @__PURE__ */ message(() => [
  [1, "service", "text", "plain"],
]);

export interface HealthCheckResponse {
  readonly status: number;
}

export const HealthCheckResponse: Codec<HealthCheckResponse> = /* @__PURE__ */ message(() => [
  [1, "status", "integer", "plain"],
]);

export interface HealthListRequest {
}

export const HealthListRequest: Codec<HealthListRequest> = /* @__PURE__ */ message(() => [
]);

export interface HealthListResponse {
  readonly statuses: Readonly<Record<string, HealthCheckResponse>>;
}

export const HealthListResponse: Codec<HealthListResponse> = /* @__PURE__ */ message(() => [
  [1, "statuses", "message", "map", () => HealthCheckResponse],
]);

export const Health = {
  Check: { path: "/grpc.health.v1.Health/Check", request: HealthCheckRequest, response: HealthCheckResponse } satisfies Method<HealthCheckRequest, HealthCheckResponse>,
  Watch: { path: "/grpc.health.v1.Health/Watch", request: HealthCheckRequest, response: HealthCheckResponse } satisfies Method<HealthCheckRequest, HealthCheckResponse>,
  List: { path: "/grpc.health.v1.Health/List", request: HealthListRequest, response: HealthListResponse } satisfies Method<HealthListRequest, HealthListResponse>,
} as const;

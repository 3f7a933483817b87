// Made from proto/containerd/services/content/v1/content.proto by scripts/generate.ts.
import { Empty } from "./empty.ts";
import { FieldMask } from "./field-mask.ts";
import { Timestamp } from "./timestamp.ts";
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface Info {
  readonly digest: string;
  readonly size: number;
  readonly created_at?: Timestamp | undefined;
  readonly updated_at?: Timestamp | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

export const Info: Codec<Info> = /* @__PURE__ */ message(() => [
  [1, "digest", "text", "plain"],
  [2, "size", "integer", "plain"],
  [3, "created_at", "message", "optional", () => Timestamp],
  [4, "updated_at", "message", "optional", () => Timestamp],
  [5, "labels", "text", "map"],
]);

export interface InfoRequest {
  readonly digest: string;
}

export const InfoRequest: Codec<InfoRequest> = /* @__PURE__ */ message(() => [
  [1, "digest", "text", "plain"],
]);

export interface InfoResponse {
  readonly info?: Info | undefined;
}

export const InfoResponse: Codec<InfoResponse> = /* @__PURE__ */ message(() => [
  [1, "info", "message", "optional", () => Info],
]);

export interface UpdateRequest {
  readonly info?: Info | undefined;
  readonly update_mask?: FieldMask | undefined;
}

export const UpdateRequest: Codec<UpdateRequest> = /* @__PURE__ */ message(() => [
  [1, "info", "message", "optional", () => Info],
  [2, "update_mask", "message", "optional", () => FieldMask],
]);

export interface UpdateResponse {
  readonly info?: Info | undefined;
}

export const UpdateResponse: Codec<UpdateResponse> = /* @__PURE__ */ message(() => [
  [1, "info", "message", "optional", () => Info],
]);

export interface ListContentRequest {
  readonly filters: readonly string[];
}

export const ListContentRequest: Codec<ListContentRequest> = /* @__PURE__ */ message(() => [
  [1, "filters", "text", "list"],
]);

export interface ListContentResponse {
  readonly info: readonly Info[];
}

export const ListContentResponse: Codec<ListContentResponse> = /* @__PURE__ */ message(() => [
  [1, "info", "message", "list", () => Info],
]);

export interface DeleteContentRequest {
  readonly digest: string;
}

export const DeleteContentRequest: Codec<DeleteContentRequest> = /* @__PURE__ */ message(() => [
  [1, "digest", "text", "plain"],
]);

export interface ReadContentRequest {
  readonly digest: string;
  readonly offset: number;
  readonly size: number;
}

export const ReadContentRequest: Codec<ReadContentRequest> = /* @__PURE__ */ message(() => [
  [1, "digest", "text", "plain"],
  [2, "offset", "integer", "plain"],
  [3, "size", "integer", "plain"],
]);

export interface ReadContentResponse {
  readonly offset: number;
  readonly data: Uint8Array;
}

export const ReadContentResponse: Codec<ReadContentResponse> = /* @__PURE__ */ message(() => [
  [1, "offset", "integer", "plain"],
  [2, "data", "bytes", "plain"],
]);

export interface Status {
  readonly started_at?: Timestamp | undefined;
  readonly updated_at?: Timestamp | undefined;
  readonly ref: string;
  readonly offset: number;
  readonly total: number;
  readonly expected: string;
}

export const Status: Codec<Status> = /* @__PURE__ */ message(() => [
  [1, "started_at", "message", "optional", () => Timestamp],
  [2, "updated_at", "message", "optional", () => Timestamp],
  [3, "ref", "text", "plain"],
  [4, "offset", "integer", "plain"],
  [5, "total", "integer", "plain"],
  [6, "expected", "text", "plain"],
]);

export interface StatusRequest {
  readonly ref: string;
}

export const StatusRequest: Codec<StatusRequest> = /* @__PURE__ */ message(() => [
  [1, "ref", "text", "plain"],
]);

export interface StatusResponse {
  readonly status?: Status | undefined;
}

export const StatusResponse: Codec<StatusResponse> = /* @__PURE__ */ message(() => [
  [1, "status", "message", "optional", () => Status],
]);

export interface ListStatusesRequest {
  readonly filters: readonly string[];
}

export const ListStatusesRequest: Codec<ListStatusesRequest> = /* @__PURE__ */ message(() => [
  [1, "filters", "text", "list"],
]);

export interface ListStatusesResponse {
  readonly statuses: readonly Status[];
}

export const ListStatusesResponse: Codec<ListStatusesResponse> = /* @__PURE__ */ message(() => [
  [1, "statuses", "message", "list", () => Status],
]);

export interface WriteContentRequest {
  readonly action: number;
  readonly ref: string;
  readonly total: number;
  readonly expected: string;
  readonly offset: number;
  readonly data: Uint8Array;
  readonly labels: Readonly<Record<string, string>>;
}

export const WriteContentRequest: Codec<WriteContentRequest> = /* @__PURE__ */ message(() => [
  [1, "action", "integer", "plain"],
  [2, "ref", "text", "plain"],
  [3, "total", "integer", "plain"],
  [4, "expected", "text", "plain"],
  [5, "offset", "integer", "plain"],
  [6, "data", "bytes", "plain"],
  [7, "labels", "text", "map"],
]);

export interface WriteContentResponse {
  readonly action: number;
  readonly started_at?: Timestamp | undefined;
  readonly updated_at?: Timestamp | undefined;
  readonly offset: number;
  readonly total: number;
  readonly digest: string;
}

export const WriteContentResponse: Codec<WriteContentResponse> = /* @__PURE__ */ message(() => [
  [1, "action", "integer", "plain"],
  [2, "started_at", "message", "optional", () => Timestamp],
  [3, "updated_at", "message", "optional", () => Timestamp],
  [4, "offset", "integer", "plain"],
  [5, "total", "integer", "plain"],
  [6, "digest", "text", "plain"],
]);

export interface AbortRequest {
  readonly ref: string;
}

export const AbortRequest: Codec<AbortRequest> = /* @__PURE__ */ message(() => [
  [1, "ref", "text", "plain"],
]);

export const Content = {
  Info: { path: "/containerd.services.content.v1.Content/Info", request: InfoRequest, response: InfoResponse } satisfies Method<InfoRequest, InfoResponse>,
  Update: { path: "/containerd.services.content.v1.Content/Update", request: UpdateRequest, response: UpdateResponse } satisfies Method<UpdateRequest, UpdateResponse>,
  List: { path: "/containerd.services.content.v1.Content/List", request: ListContentRequest, response: ListContentResponse } satisfies Method<ListContentRequest, ListContentResponse>,
  Delete: { path: "/containerd.services.content.v1.Content/Delete", request: DeleteContentRequest, response: Empty } satisfies Method<DeleteContentRequest, Empty>,
  Read: { path: "/containerd.services.content.v1.Content/Read", request: ReadContentRequest, response: ReadContentResponse } satisfies Method<ReadContentRequest, ReadContentResponse>,
  Status: { path: "/containerd.services.content.v1.Content/Status", request: StatusRequest, response: StatusResponse } satisfies Method<StatusRequest, StatusResponse>,
  ListStatuses: { path: "/containerd.services.content.v1.Content/ListStatuses", request: ListStatusesRequest, response: ListStatusesResponse } satisfies Method<ListStatusesRequest, ListStatusesResponse>,
  Write: { path: "/containerd.services.content.v1.Content/Write", request: WriteContentRequest, response: WriteContentResponse } satisfies Method<WriteContentRequest, WriteContentResponse>,
  Abort: { path: "/containerd.services.content.v1.Content/Abort", request: AbortRequest, response: Empty } satisfies Method<AbortRequest, Empty>,
} as const;

// Made from proto/moby/exporter/v1/exporter.proto by scripts/generate.ts.
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface FindExportersRequest {
  readonly metadata: Readonly<Record<string, Uint8Array>>;
  readonly refs: readonly string[];
}

export const FindExportersRequest: Codec<FindExportersRequest> = /* @__PURE__ */ message(() => [
  [1, "metadata", "bytes", "map"],
  [2, "refs", "text", "list"],
]);

export interface FindExportersResponse {
  readonly exporters: readonly ExporterRequest[];
}

export const FindExportersResponse: Codec<FindExportersResponse> = /* @__PURE__ */ message(() => [
  [1, "exporters", "message", "list", () => ExporterRequest],
]);

export interface ExporterRequest {
  readonly Type: string;
  readonly Attrs: Readonly<Record<string, string>>;
}

export const ExporterRequest: Codec<ExporterRequest> = /* @__PURE__ */ message(() => [
  [1, "Type", "text", "plain"],
  [2, "Attrs", "text", "map"],
]);

export interface FinalizeExportRequest {
  readonly exporter_response: Readonly<Record<string, string>>;
}

export const FinalizeExportRequest: Codec<FinalizeExportRequest> = /* @__PURE__ */ message(() => [
  [1, "exporter_response", "text", "map"],
]);

export interface FinalizeExportResponse {
}

export const FinalizeExportResponse: Codec<FinalizeExportResponse> = /* @__PURE__ */ message(() => [
]);

export const Exporter = {
  FindExporters: { path: "/moby.exporter.v1.Exporter/FindExporters", request: FindExportersRequest, response: FindExportersResponse } satisfies Method<FindExportersRequest, FindExportersResponse>,
  FinalizeExport: { path: "/moby.exporter.v1.Exporter/FinalizeExport", request: FinalizeExportRequest, response: FinalizeExportResponse } satisfies Method<FinalizeExportRequest, FinalizeExportResponse>,
} as const;

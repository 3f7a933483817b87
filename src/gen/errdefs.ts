// Made from proto/errdefs/errdefs.proto by scripts/generate.ts.
import { Op, Range, SourceInfo } from "./ops.ts";
import { type Codec, message } from "../wire/codec.ts";

export interface Vertex {
  readonly digest: string;
}

export const Vertex: Codec<Vertex> = /* @__PURE__ */ message(() => [
  [1, "digest", "text", "plain"],
]);

export interface Source {
  readonly info?: SourceInfo | undefined;
  readonly ranges: readonly Range[];
}

export const Source: Codec<Source> = /* @__PURE__ */ message(() => [
  [1, "info", "message", "optional", () => SourceInfo],
  [2, "ranges", "message", "list", () => Range],
]);

export interface Frontend {
  readonly name: string;
  readonly source: string;
}

export const Frontend: Codec<Frontend> = /* @__PURE__ */ message(() => [
  [1, "name", "text", "plain"],
  [2, "source", "text", "plain"],
]);

export interface FrontendCap {
  readonly name: string;
}

export const FrontendCap: Codec<FrontendCap> = /* @__PURE__ */ message(() => [
  [1, "name", "text", "plain"],
]);

export interface CompatibilityFeature {
  readonly version: number;
  readonly feature: string;
}

export const CompatibilityFeature: Codec<CompatibilityFeature> = /* @__PURE__ */ message(() => [
  [1, "version", "integer", "plain"],
  [2, "feature", "text", "plain"],
]);

export interface Subrequest {
  readonly name: string;
}

export const Subrequest: Codec<Subrequest> = /* @__PURE__ */ message(() => [
  [1, "name", "text", "plain"],
]);

export interface Solve {
  readonly inputIDs: readonly string[];
  readonly mountIDs: readonly string[];
  readonly op?: Op | undefined;
  readonly file?: FileAction | undefined;
  readonly cache?: ContentCache | undefined;
  readonly description: Readonly<Record<string, string>>;
}

export const Solve: Codec<Solve> = /* @__PURE__ */ message(() => [
  [1, "inputIDs", "text", "list"],
  [2, "mountIDs", "text", "list"],
  [3, "op", "message", "optional", () => Op],
  [4, "file", "message", "optional", () => FileAction],
  [5, "cache", "message", "optional", () => ContentCache],
  [6, "description", "text", "map"],
]);

export interface FileAction {
  readonly index: number;
}

export const FileAction: Codec<FileAction> = /* @__PURE__ */ message(() => [
  [1, "index", "integer", "plain"],
]);

export interface ContentCache {
  readonly index: number;
}

export const ContentCache: Codec<ContentCache> = /* @__PURE__ */ message(() => [
  [1, "index", "integer", "plain"],
]);

export interface ProvenanceMaterialsIncomplete {
  readonly incomplete: readonly ProvenanceMaterialIncomplete[];
}

export const ProvenanceMaterialsIncomplete: Codec<ProvenanceMaterialsIncomplete> = /* @__PURE__ */ message(() => [
  [1, "incomplete", "message", "list", () => ProvenanceMaterialIncomplete],
]);

export interface ProvenanceMaterialIncomplete {
  readonly op: string;
  readonly name: string;
  readonly method: string;
  readonly uri: string;
  readonly final_uri: string;
  readonly reason: string;
}

export const ProvenanceMaterialIncomplete: Codec<ProvenanceMaterialIncomplete> = /* @__PURE__ */ message(() => [
  [1, "op", "text", "plain"],
  [2, "name", "text", "plain"],
  [3, "method", "text", "plain"],
  [4, "uri", "text", "plain"],
  [5, "final_uri", "text", "plain"],
  [6, "reason", "text", "plain"],
]);

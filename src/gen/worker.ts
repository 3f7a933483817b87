// Made from proto/moby/buildkit/v1/types/worker.proto by scripts/generate.ts.
import { Platform } from "./ops.ts";
import { type Codec, message } from "../wire/codec.ts";

export interface WorkerRecord {
  readonly ID: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly platforms: readonly Platform[];
  readonly GCPolicy: readonly GCPolicy[];
  readonly BuildkitVersion?: BuildkitVersion | undefined;
  readonly CDIDevices: readonly CDIDevice[];
}

export const WorkerRecord: Codec<WorkerRecord> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "Labels", "text", "map"],
  [3, "platforms", "message", "list", () => Platform],
  [4, "GCPolicy", "message", "list", () => GCPolicy],
  [5, "BuildkitVersion", "message", "optional", () => BuildkitVersion],
  [6, "CDIDevices", "message", "list", () => CDIDevice],
]);

export interface GCPolicy {
  readonly all: boolean;
  readonly keepDuration: number;
  readonly reservedSpace: number;
  readonly filters: readonly string[];
  readonly maxUsedSpace: number;
  readonly minFreeSpace: number;
}

export const GCPolicy: Codec<GCPolicy> = /* @__PURE__ */ message(() => [
  [1, "all", "flag", "plain"],
  [2, "keepDuration", "integer", "plain"],
  [3, "reservedSpace", "integer", "plain"],
  [4, "filters", "text", "list"],
  [5, "maxUsedSpace", "integer", "plain"],
  [6, "minFreeSpace", "integer", "plain"],
]);

export interface BuildkitVersion {
  readonly package: string;
  readonly version: string;
  readonly revision: string;
  readonly dockerfileVersion: string;
}

export const BuildkitVersion: Codec<BuildkitVersion> = /* @__PURE__ */ message(() => [
  [1, "package", "text", "plain"],
  [2, "version", "text", "plain"],
  [3, "revision", "text", "plain"],
  [4, "dockerfileVersion", "text", "plain"],
]);

export interface CDIDevice {
  readonly Name: string;
  readonly AutoAllow: boolean;
  readonly Annotations: Readonly<Record<string, string>>;
  readonly OnDemand: boolean;
}

export const CDIDevice: Codec<CDIDevice> = /* @__PURE__ */ message(() => [
  [1, "Name", "text", "plain"],
  [2, "AutoAllow", "flag", "plain"],
  [3, "Annotations", "text", "map"],
  [4, "OnDemand", "flag", "plain"],
]);

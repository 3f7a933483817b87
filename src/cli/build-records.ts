import type { BuildRecord } from "../client/build-record.ts";
import { isoTime } from "./cache-records.ts";

/** What a build is about, as far as its attributes tell: where it comes from, its file, its target. */
export function nameOfBuild({ attributes, frontend }: BuildRecord): string {
  const place = attributes["vcs:source"] ?? attributes.context ?? "";
  const file = attributes.filename ?? (frontend === "gateway.v0" ? attributes.source : frontend) ?? "";
  const name = [place, file].filter((part) => part !== "").join(" ");
  return attributes.target ? `${name} (${attributes.target})` : name;
}

/** Times are ISO 8601. */
export function recordToJson({ createdAt, completedAt, ...record }: BuildRecord): object {
  const { ref, status, ...rest } = record;
  return { ref, status, createdAt: isoTime(createdAt), completedAt: isoTime(completedAt), ...rest };
}

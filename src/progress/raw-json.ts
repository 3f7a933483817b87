import type { StatusResponse, Vertex, VertexLog, VertexStatus, VertexWarning } from "../gen/control.ts";
import type { Definition, OpMetadata, ProgressGroup, Range, Source, SourceInfo } from "../gen/ops.ts";
import type { Timestamp } from "../gen/timestamp.ts";
import { withoutJsonCommands } from "./harmless.ts";

/** A status message as buildctl's `--progress=rawjson` writes it: one line, BuildKit's keys, Go's rules of JSON. */
export function formatRawJson(status: StatusResponse): string {
  const text = JSON.stringify({
    vertexes: listed(status.vertexes, vertexJson),
    statuses: listed(status.statuses, statusJson),
    logs: listed(status.logs, logJson),
    warnings: listed(status.warnings, warningJson),
  });
  // Beyond what Go escapes: what JSON may hold as it is, but drives a terminal.
  return withoutJsonCommands(text).replace(/[<>&\u2028\u2029\u007f-\u009f]|\p{Bidi_Control}/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function vertexJson(vertex: Vertex) {
  return {
    digest: filled(vertex.digest),
    inputs: listed(vertex.inputs, (input) => input),
    name: filled(vertex.name),
    started: timeJson(vertex.started),
    completed: timeJson(vertex.completed),
    cached: vertex.cached || undefined,
    error: filled(vertex.error),
    progressGroup: groupJson(vertex.progressGroup),
  };
}

function statusJson(status: VertexStatus) {
  return {
    id: status.ID,
    vertex: filled(status.vertex),
    name: filled(status.name),
    total: status.total || undefined,
    current: status.current,
    timestamp: timeJson(status.timestamp) ?? epoch,
    started: timeJson(status.started),
    completed: timeJson(status.completed),
  };
}

function logJson(log: VertexLog) {
  return {
    vertex: filled(log.vertex),
    stream: log.stream || undefined,
    data: log.msg.toBase64(),
    timestamp: timeJson(log.timestamp) ?? epoch,
  };
}

function warningJson(warning: VertexWarning) {
  return {
    vertex: filled(warning.vertex),
    level: warning.level || undefined,
    short: bytesJson(warning.short),
    detail: listed(warning.detail, (line) => line.toBase64()),
    url: filled(warning.url),
    sourceInfo: infoJson(warning.info),
    range: listed(warning.ranges, rangeJson),
  };
}

function groupJson(group: ProgressGroup | undefined) {
  return group && { id: filled(group.id), name: filled(group.name), weak: group.weak || undefined };
}

function rangeJson({ start, end }: Range) {
  return { start: positionJson(start), end: positionJson(end) };
}

function positionJson(position: Range["start"]) {
  return position && { line: position.line || undefined, character: position.character || undefined };
}

function infoJson(info: SourceInfo | undefined): object | undefined {
  return (
    info && {
      filename: filled(info.filename),
      data: bytesJson(info.data),
      definition: definitionJson(info.definition),
      language: filled(info.language),
    }
  );
}

function definitionJson(definition: Definition | undefined) {
  return (
    definition && {
      def: listed(definition.def, (op) => op.toBase64()),
      metadata: mapped(definition.metadata, metadataJson),
      Source: sourceJson(definition.Source),
    }
  );
}

function metadataJson(metadata: OpMetadata) {
  const resources = metadata.linux_resources;
  return {
    ignore_cache: metadata.ignore_cache || undefined,
    description: mapped(metadata.description, (text) => text),
    export_cache: metadata.export_cache && { Value: metadata.export_cache.Value || undefined },
    caps: mapped(metadata.caps, (cap) => cap),
    progress_group: groupJson(metadata.progress_group),
    linux_resources:
      resources && Object.fromEntries(Object.entries(resources).filter(([, value]) => value !== 0 && value !== "")),
  };
}

function sourceJson(source: Source | undefined) {
  return (
    source && {
      locations: mapped(source.locations, ({ locations }) => ({
        locations: listed(locations, ({ sourceIndex, ranges }) => ({
          sourceIndex: sourceIndex || undefined,
          ranges: listed(ranges, rangeJson),
        })),
      })),
      infos: listed(source.infos, infoJson),
    }
  );
}

const epoch = "1970-01-01T00:00:00Z";

/** The seconds that RFC 3339 can say: from the year 1, where Go's times begin, to the end of the year 9999. */
const firstSecond = Date.parse("0001-01-01T00:00:00Z") / 1000;
const lastSecond = Date.parse("9999-12-31T23:59:59Z") / 1000;

/** RFC 3339 in UTC, with as many digits of the nanoseconds as are not zero. A time that it cannot say is its nearest. */
function timeJson(timestamp: Timestamp | undefined): string | undefined {
  if (timestamp === undefined) return undefined;
  const nanos = Math.min(Math.max(0, timestamp.nanos), 999_999_999);
  const seconds = Math.min(Math.max(firstSecond, timestamp.seconds), lastSecond);
  const fraction = nanos === 0 ? "" : `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction}Z`;
}

function filled(text: string): string | undefined {
  return text === "" ? undefined : text;
}

function bytesJson(bytes: Uint8Array): string | undefined {
  return bytes.length === 0 ? undefined : bytes.toBase64();
}

function listed<T, R>(list: readonly T[], convert: (item: T) => R): R[] | undefined {
  return list.length === 0 ? undefined : list.map(convert);
}

/** Go writes maps in order of their keys. */
function mapped<T, R>(map: Readonly<Record<string, T>>, convert: (value: T) => R): Record<string, R> | undefined {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries.map(([key, value]) => [key, convert(value)]));
}

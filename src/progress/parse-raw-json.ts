import type { StatusResponse, Vertex, VertexLog, VertexStatus, VertexWarning } from "../gen/control.ts";
import type { Range } from "../gen/ops.ts";
import type { Timestamp } from "../gen/timestamp.ts";
import { JsonFields, ShapeError } from "./json-fields.ts";

/**
 * A line of `--progress=rawjson` or `--trace` as the message that it was: of luakit, buildx, and buildctl of any version.
 * Members that are not known are left out. Throws an Error that says what is wrong.
 */
export function parseRawJson(line: string): StatusResponse {
  const message = new JsonFields(parseJson(line), "");
  return {
    vertexes: message.objects("vertexes").map(parseVertex),
    statuses: message.objects("statuses").map(parseStatus),
    logs: message.objects("logs").map(parseLog),
    warnings: message.objects("warnings").map(parseWarning),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new ShapeError("not JSON", { cause: error });
  }
}

function parseVertex(fields: JsonFields): Vertex {
  const group = fields.object("progressGroup");
  return {
    digest: fields.text("digest"),
    inputs: fields.texts("inputs"),
    name: fields.text("name"),
    cached: fields.flag("cached"),
    error: fields.text("error"),
    started: parseTime(fields, "started"),
    completed: parseTime(fields, "completed"),
    progressGroup: group && { id: group.text("id"), name: group.text("name"), weak: group.flag("weak") },
  };
}

function parseStatus(fields: JsonFields): VertexStatus {
  return {
    ID: fields.text("id"),
    vertex: fields.text("vertex"),
    name: fields.text("name"),
    current: fields.number("current"),
    total: fields.number("total"),
    timestamp: parseTime(fields, "timestamp"),
    started: parseTime(fields, "started"),
    completed: parseTime(fields, "completed"),
  };
}

function parseLog(fields: JsonFields): VertexLog {
  return {
    vertex: fields.text("vertex"),
    stream: fields.number("stream"),
    msg: fields.bytes("data"),
    timestamp: parseTime(fields, "timestamp"),
  };
}

function parseWarning(fields: JsonFields): VertexWarning {
  const info = fields.object("sourceInfo");
  return {
    vertex: fields.text("vertex"),
    level: fields.number("level"),
    short: fields.bytes("short"),
    detail: fields.bytesList("detail"),
    url: fields.text("url"),
    info: info && {
      filename: info.text("filename"),
      data: info.bytes("data"),
      definition: undefined,
      language: info.text("language"),
    },
    ranges: fields.objects("range").map(parseRange),
  };
}

function parseRange(fields: JsonFields): Range {
  const position = (name: string) => {
    const of = fields.object(name);
    return of && { line: of.number("line"), character: of.number("character") };
  };
  return { start: position("start"), end: position("end") };
}

const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:\d\d)$/;

/** RFC 3339; the nanoseconds are kept, which Date would lose. */
function parseTime(fields: JsonFields, name: string): Timestamp | undefined {
  if (!fields.has(name)) return undefined;
  const text = fields.text(name);
  const match = pattern.exec(text);
  const milliseconds = Date.parse(text);
  if (match === null || Number.isNaN(milliseconds)) return fields.refuse(name, `"${text}" is not a time`);
  return { seconds: Math.floor(milliseconds / 1000), nanos: Number((match[1] ?? "").padEnd(9, "0")) };
}

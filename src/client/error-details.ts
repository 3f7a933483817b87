import type { Position } from "../diagnostic/luakit-error.ts";
import { Source, Vertex } from "../gen/errdefs.ts";
import { isObject, type JsonObject, parseObject, textMember } from "../image/json.ts";
import type { StatusDetail } from "../rpc/status.ts";

/** What the details of a failed build's status tell of the place where it failed. */
export interface ErrorDetails {
  /** Digest of the vertex that failed. */
  readonly vertex: string | undefined;
  /** The places in scripts or Dockerfiles that made it, with their whole text. */
  readonly sources: readonly Position[];
}

/**
 * Reads the details of BuildKit's errors: JSON, whatever the type says (`github.com/moby/buildkit/errdefs.Source+json`), and
 * protobuf where a client's own libraries wrote it. What is not known is passed over.
 */
export function readErrorDetails(details: readonly StatusDetail[]): ErrorDetails {
  let vertex: string | undefined;
  const sources: Position[] = [];
  for (const { type, value } of details) {
    if (/errdefs\.Vertex(\+json)?$/.test(type)) vertex ??= readVertex(value);
    if (/errdefs\.Source(\+json)?$/.test(type)) sources.push(...readSource(value));
  }
  return { vertex, sources };
}

function readVertex(value: Uint8Array): string | undefined {
  const json = parseObject(value);
  return json === undefined ? attempt(() => Vertex.decode(value).digest) : textMember(json, "digest");
}

function readSource(value: Uint8Array): readonly Position[] {
  const json = parseObject(value);
  return (json === undefined ? attempt(() => readMessage(value)) : readJson(json)) ?? [];
}

function readMessage(value: Uint8Array): readonly Position[] {
  const { info, ranges } = Source.decode(value);
  if (info === undefined) return [];
  const source = new TextDecoder().decode(info.data);
  return ranges.flatMap(({ start }) => (start === undefined ? [] : [place(info.filename, start.line, source)]));
}

/** Members that are zero are left out of the JSON; `data` is base64. */
function readJson(json: JsonObject): readonly Position[] {
  const info = isObject(json.info) ? json.info : {};
  const source = Buffer.from(textMember(info, "data") ?? "", "base64").toString();
  const ranges = Array.isArray(json.ranges) ? json.ranges.filter(isObject) : [];
  return ranges.flatMap(({ start }) => {
    const line = isObject(start) ? start.line : undefined;
    return typeof line === "number" ? [place(textMember(info, "filename") ?? "", line, source)] : [];
  });
}

function place(file: string, line: number, source: string): Position {
  return { file, line, source };
}

/** A detail that cannot be read is no reason to lose the error that it belongs to. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

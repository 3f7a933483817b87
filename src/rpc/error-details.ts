import { CompatibilityFeature, Frontend, FrontendCap, Solve, Source, Subrequest, Vertex } from "../gen/errdefs.ts";
import { ExitMessage } from "../gen/gateway.ts";
import type { Range } from "../gen/ops.ts";
import { Stack } from "../gen/stack.ts";
import type { Codec } from "../wire/codec.ts";
import { isObject, type JsonObject, listMember, numberMember, objectMember, parseJson, textMember } from "./json.ts";
import type { Status, StatusDetail } from "./status.ts";

/** The errors that BuildKit adds to a status, as the messages of `errdefs`; of `Solve`, not the op. */
export type ErrorDetail =
  | { readonly kind: "vertex"; readonly value: Vertex }
  | { readonly kind: "source"; readonly value: Source }
  | { readonly kind: "solve"; readonly value: Solve }
  | { readonly kind: "frontend"; readonly value: Frontend }
  | { readonly kind: "frontend-cap"; readonly value: FrontendCap }
  | { readonly kind: "subrequest"; readonly value: Subrequest }
  | { readonly kind: "compatibility-feature"; readonly value: CompatibilityFeature }
  | { readonly kind: "exit"; readonly value: ExitMessage }
  | { readonly kind: "stack"; readonly value: Stack };

/** The details of a status that are known and well formed, in their order. */
export function detailsOf(status: Pick<Status, "details">): ErrorDetail[] {
  return status.details.flatMap((detail) => decodeDetail(detail) ?? []);
}

/** The places in sources that a status names, each with the file's text and its ranges. */
export function sourcesOf(status: Pick<Status, "details">): Source[] {
  return detailsOf(status).flatMap((detail) => (detail.kind === "source" ? [detail.value] : []));
}

/** The digest of the vertex that failed. */
export function failedVertexOf(status: Pick<Status, "details">): string | undefined {
  return detailsOf(status).find((detail) => detail.kind === "vertex")?.value.digest;
}

/** One detail: the JSON that BuildKit writes under types that end with `+json`, or the message itself. */
export function decodeDetail({ type, value }: StatusDetail): ErrorDetail | undefined {
  const [, name = "", json] = /([^/]*?)(\+json)?$/.exec(type) ?? [];
  const decode = decoders[name];
  if (decode === undefined) return undefined;
  try {
    return json === undefined ? decode.message(value) : decode.json(parseJson(value));
  } catch {
    return undefined;
  }
}

interface Decoder {
  readonly message: (bytes: Uint8Array) => ErrorDetail;
  readonly json: (json: JsonObject) => ErrorDetail;
}

function decoder<K extends ErrorDetail["kind"], T>(
  codec: Codec<T>,
  detail: (value: T) => ErrorDetail & { readonly kind: K },
  json: (json: JsonObject) => T,
): Decoder {
  return { message: (bytes) => detail(codec.decode(bytes)), json: (object) => detail(json(object)) };
}

const named = (json: JsonObject) => ({ name: textMember(json, "name") });

/** By the type's last part. */
const decoders: { readonly [name: string]: Decoder | undefined } = {
  "errdefs.Vertex": decoder(
    Vertex,
    (value) => ({ kind: "vertex", value }),
    (json) => ({ digest: textMember(json, "digest") }),
  ),
  "errdefs.Source": decoder(Source, (value) => ({ kind: "source", value }), readSource),
  "errdefs.Solve": decoder(Solve, (value) => ({ kind: "solve", value }), readSolve),
  "errdefs.Frontend": decoder(
    Frontend,
    (value) => ({ kind: "frontend", value }),
    (json) => ({ ...named(json), source: textMember(json, "source") }),
  ),
  "errdefs.FrontendCap": decoder(FrontendCap, (value) => ({ kind: "frontend-cap", value }), named),
  "errdefs.Subrequest": decoder(Subrequest, (value) => ({ kind: "subrequest", value }), named),
  "errdefs.CompatibilityFeature": decoder(
    CompatibilityFeature,
    (value) => ({ kind: "compatibility-feature", value }),
    (json) => ({ version: numberMember(json, "version"), feature: textMember(json, "feature") }),
  ),
  "gatewayapi.ExitMessage": decoder(
    ExitMessage,
    (value) => ({ kind: "exit", value }),
    (json) => ({ Code: numberMember(json, "Code") }),
  ),
  "stack.Stack": decoder(Stack, (value) => ({ kind: "stack", value }), readStack),
};

function readSource(json: JsonObject): Source {
  const info = objectMember(json, "info");
  return {
    info: info && {
      filename: textMember(info, "filename"),
      data: Uint8Array.fromBase64(textMember(info, "data")),
      language: textMember(info, "language"),
    },
    ranges: listMember(json, "ranges").filter(isObject).map(readRange),
  };
}

/** Members that are zero are left out. */
function readRange(json: JsonObject): Range {
  const position = (name: string) => {
    const member = objectMember(json, name);
    return member && { line: numberMember(member, "line"), character: numberMember(member, "character") };
  };
  return { start: position("start"), end: position("end") };
}

/** This one is written as protobuf's own JSON, where a 64-bit number is text. */
function readSolve(json: JsonObject): Solve {
  const subject = (name: string) => {
    const member = objectMember(json, name);
    return member && { index: Number(member.index ?? 0) };
  };
  const description = Object.entries(objectMember(json, "description") ?? {});
  return {
    inputIDs: texts(json, "inputIDs"),
    mountIDs: texts(json, "mountIDs"),
    file: subject("file"),
    cache: subject("cache"),
    description: Object.fromEntries(
      description.flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
    ),
  };
}

function readStack(json: JsonObject): Stack {
  return {
    frames: listMember(json, "frames")
      .filter(isObject)
      .map((frame) => ({
        Name: textMember(frame, "Name"),
        File: textMember(frame, "File"),
        Line: numberMember(frame, "Line"),
      })),
    cmdline: texts(json, "cmdline"),
    pid: numberMember(json, "pid"),
    version: textMember(json, "version"),
    revision: textMember(json, "revision"),
  };
}

function texts(json: JsonObject, name: string): string[] {
  return listMember(json, name).filter((item) => typeof item === "string");
}

import type { WarnRequest } from "../gen/gateway.ts";
import type { SourceFile } from "../llb/location.ts";

/** A warning for the client of a build. */
export interface GatewayWarning {
  /** The digest of a vertex that the build has asked for: no client shows a warning elsewhere. */
  readonly vertex: string;
  /** One line. */
  readonly short: string;
  readonly detail: readonly string[];
  readonly url?: string | undefined;
  /** Line numbers count from 1. */
  readonly place?: { readonly source: SourceFile; readonly line: number } | undefined;
}

/** The message of a warning. */
export function warnRequest({ vertex, short, detail, url = "", place }: GatewayWarning): WarnRequest {
  const text = new TextEncoder();
  const common = {
    digest: vertex,
    level: 1,
    short: text.encode(short),
    detail: detail.map((line) => text.encode(line)),
  };
  if (place === undefined) return { ...common, url, ranges: [] };
  const { source, line } = place;
  const point = { line, character: 0 };
  const info = { filename: source.name, data: text.encode(source.data), language: source.language ?? "Lua" };
  return { ...common, url, info, ranges: [{ start: point, end: point }] };
}

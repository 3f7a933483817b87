import type { Position } from "../diagnostic/luakit-error.ts";
import type { StatusDetail } from "./status.ts";

// The JSON that BuildKit itself writes: see decodeDetail.
const type = "github.com/moby/buildkit/errdefs.Source+json";

/** A line of a script as the detail of a status that BuildKit's clients print an excerpt of. */
export function sourceDetail({ file, line, source = "" }: Position): StatusDetail {
  const info = { filename: file, data: Buffer.from(source).toString("base64"), language: "Lua" };
  const value = { info, ranges: [{ start: { line }, end: { line } }] };
  return { type, value: new TextEncoder().encode(JSON.stringify(value)) };
}

/** Says that no line is to blame; nothing is printed of it. */
export const noSource: StatusDetail = { type, value: new TextEncoder().encode("{}") };

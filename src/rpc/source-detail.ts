import type { Position } from "../diagnostic/luakit-error.ts";
import type { StatusDetail } from "./status.ts";

/** A line of a script as the detail of a status that BuildKit's clients print an excerpt of. */
export function sourceDetail({ file, line, source = "" }: Position): StatusDetail {
  const info = { filename: file, data: Buffer.from(source).toString("base64"), language: "Lua" };
  const value = { info, ranges: [{ start: { line }, end: { line } }] };
  // The JSON that BuildKit itself writes: see decodeDetail.
  return {
    type: "github.com/moby/buildkit/errdefs.Source+json",
    value: new TextEncoder().encode(JSON.stringify(value)),
  };
}

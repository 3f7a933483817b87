// Made from proto/stack/stack.proto by scripts/generate.ts.
import { type Codec, message } from "../wire/codec.ts";

export interface Stack {
  readonly frames: readonly Frame[];
  readonly cmdline: readonly string[];
  readonly pid: number;
  readonly version: string;
  readonly revision: string;
}

export const Stack: Codec<Stack> = /* @__PURE__ */ message(() => [
  [1, "frames", "message", "list", () => Frame],
  [2, "cmdline", "text", "list"],
  [3, "pid", "integer", "plain"],
  [4, "version", "text", "plain"],
  [5, "revision", "text", "plain"],
]);

export interface Frame {
  readonly Name: string;
  readonly File: string;
  readonly Line: number;
}

export const Frame: Codec<Frame> = /* @__PURE__ */ message(() => [
  [1, "Name", "text", "plain"],
  [2, "File", "text", "plain"],
  [3, "Line", "integer", "plain"],
]);

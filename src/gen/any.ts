// Made from proto/google/protobuf/any.proto by scripts/generate.ts.
import { type Codec, message } from "../wire/codec.ts";

export interface Any {
  readonly type_url: string;
  readonly value: Uint8Array;
}

export const Any: Codec<Any> = /* @__PURE__ */ message(() => [
  [1, "type_url", "text", "plain"],
  [2, "value", "bytes", "plain"],
]);

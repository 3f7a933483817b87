// Made from proto/google/protobuf/field_mask.proto by scripts/generate.ts.
import { type Codec, message } from "../wire/codec.ts";

export interface FieldMask {
  readonly paths: readonly string[];
}

export const FieldMask: Codec<FieldMask> = /* @__PURE__ */ message(() => [
  [1, "paths", "text", "list"],
]);

// Made from proto/google/protobuf/timestamp.proto by scripts/generate.ts.
import { type Codec, message } from "../wire/codec.ts";

export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

export const Timestamp: Codec<Timestamp> = /* @__PURE__ */ message(() => [
  [1, "seconds", "integer", "plain"],
  [2, "nanos", "integer", "plain"],
]);

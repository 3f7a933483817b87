// Made from proto/google/protobuf/empty.proto by scripts/generate.ts.
import { type Codec, message } from "../wire/codec.ts";

export interface Empty {
}

export const Empty: Codec<Empty> = /* @__PURE__ */ message(() => [
]);

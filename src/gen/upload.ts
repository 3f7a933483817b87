// Made from proto/moby/upload/v1/upload.proto by scripts/generate.ts.
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface BytesMessage {
  readonly data: Uint8Array;
}

export const BytesMessage: Codec<BytesMessage> = /* @__PURE__ */ message(() => [
  [1, "data", "bytes", "plain"],
]);

export const Upload = {
  Pull: { path: "/moby.upload.v1.Upload/Pull", request: BytesMessage, response: BytesMessage } satisfies Method<BytesMessage, BytesMessage>,
} as const;

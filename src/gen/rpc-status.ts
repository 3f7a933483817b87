// Made from proto/google/rpc/status.proto by scripts/generate.ts.
import { Any } from "./any.ts";
import { type Codec, message } from "../wire/codec.ts";

export interface Status {
  readonly code: number;
  readonly message: string;
  readonly details: readonly Any[];
}

export const Status: Codec<Status> = /* @__PURE__ */ message(() => [
  [1, "code", "integer", "plain"],
  [2, "message", "text", "plain"],
  [3, "details", "message", "list", () => Any],
]);

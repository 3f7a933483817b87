// Made from proto/moby/buildkit/v1/apicaps/caps.proto by scripts/generate.ts.
import { type Codec, message } from "../wire/codec.ts";

export interface APICap {
  readonly ID: string;
  readonly Enabled: boolean;
  readonly Deprecated: boolean;
  readonly DisabledReason: string;
  readonly DisabledReasonMsg: string;
  readonly DisabledAlternative: string;
}

export const APICap: Codec<APICap> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "Enabled", "flag", "plain"],
  [3, "Deprecated", "flag", "plain"],
  [4, "DisabledReason", "text", "plain"],
  [5, "DisabledReasonMsg", "text", "plain"],
  [6, "DisabledAlternative", "text", "plain"],
]);

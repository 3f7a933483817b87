// Made from proto/moby/buildkit/v1/sourcepolicy/policy.proto by scripts/generate.ts.
import { type Codec, message } from "../wire/codec.ts";

export interface Rule {
  readonly action: number;
  readonly selector?: Selector | undefined;
  readonly updates?: Update | undefined;
}

export const Rule: Codec<Rule> = /* @__PURE__ */ message(() => [
  [1, "action", "integer", "plain"],
  [2, "selector", "message", "optional", () => Selector],
  [3, "updates", "message", "optional", () => Update],
]);

export interface Update {
  readonly identifier: string;
  readonly attrs: Readonly<Record<string, string>>;
}

export const Update: Codec<Update> = /* @__PURE__ */ message(() => [
  [1, "identifier", "text", "plain"],
  [2, "attrs", "text", "map"],
]);

export interface Selector {
  readonly identifier: string;
  readonly match_type: number;
  readonly constraints: readonly AttrConstraint[];
}

export const Selector: Codec<Selector> = /* @__PURE__ */ message(() => [
  [1, "identifier", "text", "plain"],
  [2, "match_type", "integer", "plain"],
  [3, "constraints", "message", "list", () => AttrConstraint],
]);

export interface AttrConstraint {
  readonly key: string;
  readonly value: string;
  readonly condition: number;
}

export const AttrConstraint: Codec<AttrConstraint> = /* @__PURE__ */ message(() => [
  [1, "key", "text", "plain"],
  [2, "value", "text", "plain"],
  [3, "condition", "integer", "plain"],
]);

export interface Policy {
  readonly version: number;
  readonly rules: readonly Rule[];
}

export const Policy: Codec<Policy> = /* @__PURE__ */ message(() => [
  [1, "version", "integer", "plain"],
  [2, "rules", "message", "list", () => Rule],
]);

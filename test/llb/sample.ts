import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { type MarshalOptions, marshal } from "../../src/llb/marshal.ts";
import { image } from "../../src/llb/source-image.ts";
import type { State } from "../../src/llb/state.ts";
import { decodeOps } from "../support/definition.ts";

export const alpine = image("docker.io/library/alpine:3.20", {}, {});
export const sha = `sha256:${"a".repeat(64)}`;

/** A state's Definition for linux/amd64. */
export function define(state: State, options: Partial<MarshalOptions> = {}) {
  return marshal(state, { platform: { os: "linux", architecture: "amd64" }, ...options });
}

/** The last op before the terminal one, decoded by other means than ours. */
export function lastOp(state: State, options: Partial<MarshalOptions> = {}) {
  const ops = decodeOps(encodeDefinition(define(state, options)));
  return ops.at(-1) ?? ops[0];
}

/** The attributes of a state that is a source. */
export function attributes(state: State): Record<string, string> {
  const { op } = lastOp(state);
  if (op.case !== "source") throw new Error(`expected a source, got ${op.case}`);
  return op.value.attrs;
}

/** The exec message of a state that a run gave. */
export function exec(state: State, options: Partial<MarshalOptions> = {}) {
  const { op } = lastOp(state, options);
  if (op.case !== "exec") throw new Error(`expected an exec, got ${op.case}`);
  return op.value;
}

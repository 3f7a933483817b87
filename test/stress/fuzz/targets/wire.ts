import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { Definition, Op } from "../../../../src/gen/ops.ts";
import { DefinitionSchema, OpSchema } from "../../../support/gen/pb/ops_pb.ts";
import type { Target } from "../driver/fuzz.ts";
import { tolerate } from "../driver/tolerate.ts";

const definition = new Uint8Array(await Bun.file(new URL("../seeds/definition.pb", import.meta.url)).arrayBuffer());
const { def } = Definition.decode(definition);

const options = { readUnknownFields: false };

/** A message as protobuf-es writes it again; undefined when it refuses it. */
function rewritten(schema: typeof OpSchema | typeof DefinitionSchema, input: Uint8Array): Uint8Array | undefined {
  try {
    return toBinary(schema, fromBinary(schema, input, options));
  } catch {
    return undefined;
  }
}

function check(
  codec: typeof Op | typeof Definition,
  schema: typeof OpSchema | typeof DefinitionSchema,
  input: Uint8Array,
): string {
  let decoded: object | undefined;
  const outcome = tolerate(() => {
    decoded = codec.decode(input);
  }, RangeError);
  if (decoded === undefined) return outcome;
  if (hasSeveral(decoded)) return "several";
  // protobuf-es takes fields of a wrong wire type for what they are not, so it is asked about what we make of the input.
  const theirs = rewritten(schema, codec.encode(decoded));
  if (theirs === undefined) throw new TypeError("protobuf-es cannot read what we write");
  const again = codec.decode(theirs);
  if (!isAlike(again, decoded)) throw new TypeError("protobuf-es reads another message");
  return outcome;
}

/** Only the last of these counts for protobuf-es, and all of them for us: nobody writes several. */
const alternatives: readonly (readonly string[])[] = [
  ["exec", "source", "file", "build", "merge", "diff", "passthrough"],
  ["copy", "mkfile", "mkdir", "rm", "symlink"],
  ["byName", "byID"],
];

function hasSeveral(value: unknown): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const named = entries.flatMap(([key, each]) => (each === undefined ? [] : [key]));
  return (
    alternatives.some((names) => named.filter((key) => names.includes(key)).length > 1) ||
    entries.some(([, each]) => hasSeveral(each))
  );
}

/** Members in any order. Numbers of 32 bits are not cut off by us, nor is text repaired. */
function isAlike(one: unknown, other: unknown): boolean {
  return Bun.deepEquals(plain(one), plain(other));
}

function plain(value: unknown): unknown {
  if (typeof value === "number") return String(BigInt.asIntN(32, BigInt(Math.trunc(value))));
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, plain(each)]])),
  );
}

/** Protobuf's wire format, beside protobuf-es. */
export const wireTargets: readonly Target[] = [
  {
    kind: "wire-definition",
    seeds: [definition],
    short: 150,
    run: (input) => check(Definition, DefinitionSchema, input),
  },
  { kind: "wire-op", seeds: def, short: 300, run: (input) => check(Op, OpSchema, input) },
];

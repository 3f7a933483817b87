import { describe, expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { decodeDefinition } from "../../src/graph/decode-definition.ts";
import { kindOf } from "../../src/graph/wire-op.ts";
import { digestOf } from "../../src/llb/digest.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { DefinitionSchema, OpSchema } from "../support/gen/pb/ops_pb.ts";
import { chain, encode, everyMount } from "./sample.ts";

function problem(bytes: Uint8Array): string {
  try {
    decodeDefinition(bytes);
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    expect(error.code).toBe("graph.decode");
    return error.message.replace("this is not a BuildKit Definition: ", "");
  }
  return "none";
}

function definition(...def: Uint8Array[]): Uint8Array {
  return toBinary(DefinitionSchema, create(DefinitionSchema, { def }));
}

const source = toBinary(OpSchema, create(OpSchema, { op: { case: "source", value: { identifier: "local://a" } } }));

function using(...digests: string[]): Uint8Array {
  return toBinary(OpSchema, create(OpSchema, { inputs: digests.map((digest) => ({ digest })) }));
}

function merging(...digests: string[]): Uint8Array {
  const inputs = digests.map((digest) => ({ digest }));
  return toBinary(OpSchema, create(OpSchema, { inputs, op: { case: "merge", value: {} } }));
}

describe("decoding", () => {
  test("finds the ops that marshal wrote, in their order", () => {
    const { ops } = marshal(everyMount(), { platform: { os: "linux", architecture: "amd64" } });
    expect(decodeDefinition(encode(everyMount())).ops.map(({ digest }) => digest)).toEqual(
      ops.map(({ digest }) => digest),
    );
  });

  test("takes no bytes as scratch", () => {
    const { ops, result } = decodeDefinition(new Uint8Array());
    expect({ ops, result }).toEqual({ ops: [], result: undefined });
  });

  test("puts inputs before users, whatever the order", () => {
    const user = merging(digestOf(source));
    const { ops } = decodeDefinition(definition(user, source, using(digestOf(user))));
    expect(ops.map(({ op }) => kindOf(op))).toEqual(["Source", "Merge"]);
  });

  test("counts equal ops once", () => {
    expect(decodeDefinition(definition(source, source, using(digestOf(source)))).ops).toHaveLength(1);
  });

  test("says what is wrong with other bytes", () => {
    const missing = `sha256:${"0".repeat(64)}`;
    expect(problem(new TextEncoder().encode('bk.export(bk.image("alpine"))\n'))).toMatch(/protobuf|no ops/);
    expect(problem(new TextEncoder().encode("\u007fELF"))).toMatch(/protobuf|no ops/);
    expect(problem(definition(source, new Uint8Array([0xff])))).toBe("its last op cannot be read");
    expect(problem(definition(new Uint8Array([0xff]), using(missing)))).toBe("its op 1 cannot be read");
    expect(problem(definition(source))).toBe("its last op does not name one result");
    expect(problem(definition(source, using()))).toBe("its last op does not name one result");
    expect(problem(definition(source, using(missing)))).toBe(`it uses ${missing}, which it does not have`);
    expect(problem(definition(source, using("")))).toBe("it uses an op without digest, which it does not have");
  });

  test("is a clear error wherever a file was cut short", () => {
    const bytes = encode(chain(3));
    for (let length = 1; length < bytes.length; length++) {
      const said = problem(bytes.subarray(0, length));
      expect(said.length).toBeGreaterThan(0);
    }
  });
});

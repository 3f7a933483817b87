import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Definition, type Input, Op } from "../gen/ops.ts";
import { type Digest, digestOf } from "../llb/digest.ts";
import { kindOf } from "./wire-op.ts";

/** An op and the digest of its bytes. */
export interface DigestedOp {
  readonly op: Op;
  readonly digest: Digest;
}

/** A Definition whose ops can be followed: each once, inputs before users; `result` is what the terminal op names. */
export interface DecodedDefinition {
  readonly definition: Definition;
  readonly ops: readonly DigestedOp[];
  readonly result: Input | undefined;
}

/** Reads a pb.Definition; anything else is a LuakitError. */
export function decodeDefinition(bytes: Uint8Array): DecodedDefinition {
  const definition = parse("it is not in protobuf's format", () => Definition.decode(bytes));
  const encoded = definition.def.at(-1);
  if (encoded === undefined) {
    if (bytes.length > 0) throw malformed("it has no ops");
    return { definition, ops: [], result: undefined };
  }
  const terminal = parse("its last op cannot be read", () => Op.decode(encoded));
  const input = terminal.inputs[0];
  if (kindOf(terminal) !== "Unknown" || terminal.inputs.length !== 1 || input === undefined) {
    throw malformed("its last op does not name one result");
  }
  const ops = ordered(decodeOps(definition.def.slice(0, -1)), input.digest);
  return { definition, ops, result: input };
}

function decodeOps(encoded: readonly Uint8Array[]): Map<string, DigestedOp> {
  const ops = new Map<string, DigestedOp>();
  for (const [at, bytes] of encoded.entries()) {
    const digest = digestOf(bytes);
    if (ops.has(digest)) continue;
    const op = parse(`its op ${at + 1} cannot be read`, () => Op.decode(bytes));
    ops.set(digest, { op, digest });
  }
  return ops;
}

// Writers put inputs first, and then their order stays. The walk has no recursion: chains can be long.
function ordered(ops: ReadonlyMap<string, DigestedOp>, result: string): readonly DigestedOp[] {
  const done = new Set<string>();
  const order: DigestedOp[] = [];
  const known = (digest: string): DigestedOp => {
    const found = ops.get(digest);
    if (found === undefined) throw malformed(`it uses ${digest || "an op without digest"}, which it does not have`);
    return found;
  };
  for (const root of [...ops.values(), known(result)]) {
    const path = [{ at: root, next: 0 }];
    for (let frame = path[0]; frame !== undefined; frame = path[path.length - 1]) {
      const { digest, op } = frame.at;
      const input = done.has(digest) ? undefined : op.inputs[frame.next++];
      if (input !== undefined) {
        const used = known(input.digest);
        if (!done.has(used.digest)) path.push({ at: used, next: 0 });
        continue;
      }
      if (!done.has(digest)) order.push(frame.at);
      done.add(digest);
      path.pop();
    }
  }
  return order;
}

function parse<T>(problem: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw malformed(problem, cause);
  }
}

function malformed(problem: string, cause?: unknown): LuakitError {
  return new LuakitError("graph.decode", `this is not a BuildKit Definition: ${problem}`, {
    hint: "a Definition is what luakit build -o FILE writes",
    cause,
  });
}

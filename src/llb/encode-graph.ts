import type { Writer } from "../wire/writer.ts";
import type { DefinitionInput } from "./definition.ts";
import type { DiffOp } from "./diff.ts";
import { type EncodeContext, type Encoded, writeCommon } from "./encode.ts";
import type { Vertex } from "./vertex.ts";

/** Writes a merge as pb.Op. The daemon insists on one input of the op for each input of the merge. */
export function encodeMerge(vertex: Vertex, context: EncodeContext): Encoded {
  const { writer } = context;
  const inputs = vertex.inputs.map(context.resolve);
  writeCommon(context, inputs, undefined);
  const mark = writer.begin(6);
  for (let at = 0; at < inputs.length; at++) writeInput(writer, 1, at);
  writer.end(mark);
  return { inputs, caps: ["mergeop"] };
}

/** Writes a diff as pb.Op. */
export function encodeDiff(op: DiffOp, context: EncodeContext): Encoded {
  const { writer } = context;
  const inputs: DefinitionInput[] = [];
  const numbers = [op.lower, op.upper].map((side) =>
    side === undefined ? -1 : inputs.push(context.resolve(side)) - 1,
  );
  writeCommon(context, inputs, undefined);
  const mark = writer.begin(7);
  for (const [at, number] of numbers.entries()) writeInput(writer, at + 1, number);
  writer.end(mark);
  return { inputs, caps: ["diffop"] };
}

function writeInput(writer: Writer, field: number, index: number): void {
  const mark = writer.begin(field);
  writer.number(1, index);
  writer.end(mark);
}

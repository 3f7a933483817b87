import type { DefinitionInput } from "./definition.ts";
import { type EncodeContext, type Encoded, inputIndex, writeCommon } from "./encode.ts";
import type { FrontendOp } from "./frontend.ts";
import { compareBytes } from "./order.ts";
import type { Vertex } from "./vertex.ts";

/** Writes a frontend as a build op that tells what it is, to be read by people; no daemon can build it. */
export function encodeFrontend(vertex: Vertex, op: FrontendOp, context: EncodeContext): Encoded {
  const { writer } = context;
  const inputs: DefinitionInput[] = [];
  const numbers = [...op.inputs].map(([name, { output }]) => [name, inputIndex(inputs, output, context)] as const);
  writeCommon(context, inputs, vertex.platform ?? context.platform);
  const mark = writer.begin(5);
  writer.number(1, -1);
  for (const [name, number] of numbers) {
    const entry = writer.begin(2);
    writer.textEvenEmpty(1, name);
    const input = writer.begin(2);
    writer.number(1, number);
    writer.end(input);
    writer.end(entry);
  }
  writer.map(4, attributesOf(op));
  writer.end(mark);
  return { inputs, caps: [] };
}

function attributesOf({ source, options }: FrontendOp): (readonly [string, string])[] {
  const frontend = ["frontend", source === undefined ? "dockerfile.v0" : "gateway.v0"] as const;
  const own = source === undefined ? [frontend] : [frontend, ["source", source] as const];
  return [...own, ...options].sort(([left], [right]) => compareBytes(left, right));
}

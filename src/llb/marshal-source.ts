import { Writer } from "../wire/writer.ts";
import type { Definition } from "./definition.ts";
import { digestOf } from "./digest.ts";
import { openContext } from "./encode.ts";
import { encodeSource } from "./encode-source.ts";
import type { MarshalOptions } from "./marshal.ts";
import { addOp, openOpList, placeOf, writeTerminal } from "./op-list.ts";
import { runtimeOf } from "./runtime.ts";
import type { State } from "./state.ts";

/**
 * As `marshal`, of a state that is one source: the same bytes from a fraction of its code. A frontend can ask for nothing
 * before that is loaded.
 */
export function marshalSource(
  { output }: State,
  { platform, localUniqueId }: Pick<MarshalOptions, "platform" | "localUniqueId">,
): Definition {
  const vertex = output?.vertex;
  if (vertex?.op.type !== "source") throw new Error("the state is no source");
  const writer = new Writer(1 << 10);
  const resolve = () => {
    throw new Error("a source has no inputs");
  };
  const context = openContext({ writer, runtime: runtimeOf(undefined), platform, resolve, supported: undefined });
  const list = openOpList(writer);
  const mark = writer.begin(1);
  const additions = { digest: undefined, localUniqueId, resolveMode: undefined };
  const { inputs, caps } = encodeSource(vertex, vertex.op, additions, context);
  const size = writer.length - mark;
  const digest = digestOf(writer.view(mark));
  writer.end(mark);
  const end = writer.length;
  const locations = placeOf(vertex.location, list);
  const op = { digest, start: end - size, end, vertex, inputs, metadata: vertex.metadata, caps, locations };
  addOp(list, op);
  const result = { op, index: 0 };
  const terminal = writeTerminal(list, result);
  const { runtime } = context;
  const sources = [...list.sources];
  return { ops: list.ops, platform: context.platform, runtime, bytes: writer.view(0), result, terminal, sources };
}

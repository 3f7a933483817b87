import { type Platform, validatePlatform } from "../oci/platform.ts";
import { Writer } from "../wire/writer.ts";
import type { DefinitionInput } from "./definition.ts";
import type { PlainStepParts } from "./encode-plain-step.ts";
import type { Runtime } from "./runtime.ts";
import type { Output, Vertex } from "./vertex.ts";

/** What an op's encoder is given besides the op. */
export interface EncodeContext {
  readonly writer: Writer;
  readonly runtime: Runtime;
  readonly platform: Platform;
  /** What an output is called in the Definition; its vertex has been encoded before. */
  readonly resolve: (output: Output) => DefinitionInput;
  /** What the daemon is known to support, when that is known. */
  readonly supported: ReadonlySet<string> | undefined;
  /** The bytes of platform and constraints, which most ops share. */
  readonly commonBytes: Map<Platform | undefined, Uint8Array>;
  /** The bytes of root mounts, by a key of their own. */
  readonly rootBytes: Map<number, Uint8Array>;
  plain: PlainStepParts | undefined;
}

/** The context of a run that has written nothing yet. */
export function openContext(
  given: Pick<EncodeContext, "writer" | "runtime" | "platform" | "resolve" | "supported">,
): EncodeContext {
  const platform = validatePlatform(given.platform);
  return { ...given, platform, commonBytes: new Map(), rootBytes: new Map(), plain: undefined };
}

/** What an encoder tells about the op that it wrote. */
export interface Encoded {
  readonly inputs: readonly DefinitionInput[];
  readonly caps: readonly string[];
  /** What was written, when it is not the vertex itself. */
  readonly vertex?: Vertex | undefined;
}

/** The number of an output among `inputs`, where it is put unless it is there; -1 for scratch. */
export function inputIndex(inputs: DefinitionInput[], output: Output | undefined, context: EncodeContext): number {
  if (output === undefined) return -1;
  const wanted = context.resolve(output);
  if (inputs.length === 0) return inputs.push(wanted) - 1;
  for (let at = 0; at < inputs.length; at++) {
    const known = inputs[at];
    if (known?.op === wanted.op && known.index === wanted.index) return at;
  }
  return inputs.push(wanted) - 1;
}

/** Writes the fields that every op has. They come before the op's own, whatever their numbers: see pb.Op. */
export function writeCommon(
  { writer, commonBytes }: Pick<EncodeContext, "writer" | "commonBytes">,
  inputs: readonly DefinitionInput[],
  platform: Platform | undefined,
): void {
  for (let at = 0; at < inputs.length; at++) {
    const input = inputs[at];
    if (input === undefined) continue;
    const mark = writer.begin(1);
    writer.text(1, input.op.digest);
    writer.number(2, input.index);
    writer.end(mark);
  }
  let common = commonBytes.get(platform);
  if (common === undefined) {
    common = encodeConstraints(platform);
    commonBytes.set(platform, common);
  }
  writer.raw(common);
}

function encodeConstraints(platform: Platform | undefined): Uint8Array {
  const writer = new Writer(64);
  if (platform !== undefined) {
    const mark = writer.begin(10);
    writer.text(1, platform.architecture);
    writer.text(2, platform.os);
    writer.text(3, platform.variant ?? "");
    writer.end(mark);
  }
  // An empty pb.WorkerConstraints: any worker.
  writer.end(writer.begin(11));
  return writer.view(0);
}

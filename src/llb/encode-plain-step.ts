import type { Platform } from "../oci/platform.ts";
import { Writer } from "../wire/writer.ts";
import { type EncodeContext, type Encoded, writeCommon } from "./encode.ts";
import { writeMount } from "./encode-mount.ts";
import type { ExecOp } from "./exec.ts";
import { plainStepCaps } from "./plain-caps.ts";
import type { Vertex } from "./vertex.ts";

/** Parts of the plain step that was written last, which the next one mostly has as well. As texts of bytes. */
export interface PlainStepParts {
  readonly platform: Platform;
  /** Of these the last one is no part of it. */
  readonly args: readonly string[];
  readonly dir: string;
  readonly user: string;
  /** Platform and constraints, the other arguments, what follows the environment, and the root's mount. */
  readonly common: string;
  readonly command: string;
  readonly settings: string;
  readonly root: string;
}

/** Sizes below are one byte. */
const oneByte = 0x80;
const sizes: readonly string[] = Array.from({ length: oneByte }, (_, size) => String.fromCharCode(size));

/**
 * Writes a step as pb.Op if it is like most: short and in ASCII, on an output 0, with nothing but a command, an
 * environment, a working directory and a user. Long graphs are made of those: put together as text they take a few
 * calls, and a call costs most while code is cold.
 */
export function encodePlainStep(vertex: Vertex, op: ExecOp, context: EncodeContext): Encoded | undefined {
  const { state, args } = op;
  if (state.output === undefined || context.supported !== undefined || !isPlain(op)) return undefined;
  const input = context.resolve(state.output);
  if (input.index !== 0) return undefined;
  const { runtime, writer } = context;
  const parts = partsOf(vertex.platform ?? context.platform, args, runtime.dir(state), runtime.user(state), context);
  const last = args[args.length - 1] ?? "";
  let meta = `${parts.command}\n${sizes[last.length]}${last}`;
  const env = runtime.env(state);
  for (let at = 0; at < env.length; at++) {
    const entry = env[at] ?? "";
    if (entry.length >= oneByte) return undefined;
    meta = `${meta}\x12${sizes[entry.length]}${entry}`;
  }
  meta = `${meta}${parts.settings}`;
  const size = meta.length + 2 + parts.root.length;
  if (last.length >= oneByte || meta.length >= oneByte || size >= oneByte) return undefined;
  const { digest } = input.op;
  const bytes = `\n${sizes[digest.length + 2]}\n${sizes[digest.length]}${digest}${parts.common}\x12${sizes[size]}\n${sizes[meta.length]}${meta}${parts.root}`;
  if (!writer.ascii(bytes)) return undefined;
  return { inputs: [input], caps: plainStepCaps, vertex: undefined };
}

function isPlain(op: ExecOp): boolean {
  if (op.mounts.length > 0 || op.secretsEnv.length > 0 || op.validExitCodes.length > 0) return false;
  if (op.ulimits.length > 0 || op.devices.length > 0 || op.proxy !== undefined || op.readonlyRoot) return false;
  const { hosts, hostname, network, security } = op.state;
  if (hosts !== undefined || hostname !== undefined || op.cgroupParent !== "") return false;
  return (network === undefined || network === "sandbox") && security !== "insecure";
}

function partsOf(
  platform: Platform,
  args: readonly string[],
  dir: string,
  user: string,
  context: EncodeContext,
): PlainStepParts {
  const { plain: known } = context;
  if (known?.platform === platform && known.dir === dir && known.user === user && areSameButLast(known.args, args)) {
    return known;
  }
  const parts = { platform, args, dir, user, ...makeParts(platform, args, dir, user, context) };
  context.plain = parts;
  return parts;
}

function areSameButLast(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let at = left.length - 2; at >= 0; at--) if (left[at] !== right[at]) return false;
  return true;
}

function makeParts(
  platform: Platform,
  args: readonly string[],
  dir: string,
  user: string,
  { commonBytes }: EncodeContext,
): Pick<PlainStepParts, "common" | "command" | "settings" | "root"> {
  const writer = new Writer(256);
  const take = (): string => {
    const text = Buffer.from(writer.view(0)).toString("latin1");
    writer.truncate(0);
    return text;
  };
  writeCommon({ writer, commonBytes }, [], platform);
  const common = take();
  writer.texts(1, args.slice(0, -1));
  const command = take();
  writer.text(3, dir);
  writer.text(4, user);
  // As for all steps: directories that only existed for mounts go away again.
  writer.flag(11, true);
  const settings = take();
  const root = { type: "bind", dest: "/", source: {}, readonly: false, selector: "" } as const;
  writeMount(writer, { mount: root, dest: "/", output: 0 }, 0);
  return { common, command, settings, root: take() };
}

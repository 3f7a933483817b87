import { fromBinary } from "@bufbuild/protobuf";
import { digestOf } from "../../../scripts/testbed/layout.ts";
import { type Definition, DefinitionSchema, type FileAction, type Op, OpSchema } from "../../support/gen/pb/ops_pb.ts";

interface Checked {
  readonly op: Op;
  readonly outputs: number;
}

/** What a daemon would refuse, or fall over, in the bytes of a Definition: one sentence each. */
export function brokenRules(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  const definition = fromBinary(DefinitionSchema, bytes);
  const problems: string[] = [];
  if (definition.$unknown !== undefined) problems.push("the Definition has unknown fields");
  if (definition.def.length < 2) problems.push(`the Definition has ${definition.def.length} ops`);
  if (bytes.length > 16 << 20) problems.push("the Definition is larger than a message may be");
  const known = new Map<string, Checked>();
  for (const [at, data] of definition.def.entries()) {
    const op = fromBinary(OpSchema, data);
    const digest = digestOf(data);
    const isLast = at === definition.def.length - 1;
    const say = (text: string) => problems.push(`op ${at} (${op.op.case ?? "terminal"}): ${text}`);
    if (op.$unknown !== undefined) say("unknown fields");
    if (known.has(digest)) say("is there twice");
    for (const input of op.inputs) {
      const from = known.get(input.digest);
      if (from === undefined) say(`input ${input.digest} comes later or never`);
      else if (input.index < 0 || input.index >= from.outputs) say(`output ${input.index} of ${from.outputs}`);
    }
    if (isLast !== (op.op.case === undefined)) say("only the last op has no variant");
    if (isLast && op.inputs.length !== 1) say(`${op.inputs.length} inputs`);
    if (op.constraints === undefined && !isLast) say("no constraints");
    known.set(digest, { op, outputs: checkOp(op, say) });
  }
  checkRest(definition, known, problems);
  return problems;
}

function checkRest({ metadata, Source: source }: Definition, known: ReadonlyMap<string, Checked>, problems: string[]) {
  for (const digest of Object.keys(metadata)) if (!known.has(digest)) problems.push(`metadata of no op: ${digest}`);
  const infos = source?.infos ?? [];
  for (const [digest, { locations }] of Object.entries(source?.locations ?? {})) {
    if (!known.has(digest)) problems.push(`locations of no op: ${digest}`);
    for (const { sourceIndex, ranges } of locations) {
      const lines = new TextDecoder().decode(infos[sourceIndex]?.data).split("\n").length;
      if (infos[sourceIndex] === undefined) problems.push(`the source map has no file ${sourceIndex}`);
      for (const { start } of ranges) {
        const line = start?.line ?? 0;
        if (line < 1 || line > lines) problems.push(`line ${line} of ${lines} of file ${sourceIndex}`);
      }
    }
  }
}

type Say = (text: string) => void;

/** Checks what belongs to an op of its type, and gives the number of its outputs. */
function checkOp({ op, inputs, platform }: Op, say: Say): number {
  const count = inputs.length;
  const text = (what: string, value: string) => {
    if (value.includes("\0")) say(`${what} has a NUL`);
  };
  switch (op.case) {
    case "exec": {
      const { meta, mounts } = op.value;
      if (platform === undefined) say("no platform");
      if (meta === undefined || meta.args.length === 0) say("no arguments");
      for (const word of [...(meta?.args ?? []), ...(meta?.env ?? []), meta?.user ?? ""]) text("meta", word);
      for (const item of meta?.env ?? []) if (!/^[^=]+=/s.test(item)) say(`environment "${item}"`);
      if (!meta?.cwd.startsWith("/")) say(`working directory "${meta?.cwd}"`);
      return checkMounts(mounts, count, say);
    }
    case "file":
      checkActions(op.value.actions, count, say);
      return op.value.actions.filter(({ output }) => output !== -1n).length;
    case "merge": {
      if (count < 2 || op.value.inputs.length !== count) say(`${op.value.inputs.length} of ${count} inputs`);
      for (const { input } of op.value.inputs) if (input < 0n || input >= count) say(`input ${input} of ${count}`);
      return 1;
    }
    case "diff": {
      const { lower, upper } = op.value;
      if (lower === undefined || upper === undefined) say("a side is missing");
      const used = [lower?.input, upper?.input].filter((input) => input !== undefined && input !== -1n);
      if (used.length !== count || used.some((input, at) => input !== BigInt(at))) say(`inputs ${used} of ${count}`);
      return 1;
    }
    case "source":
      if (!/^[\w+-]+:\/\/./.test(op.value.identifier)) say(`source "${op.value.identifier}"`);
      text("source", op.value.identifier);
      for (const value of Object.values(op.value.attrs)) text("attribute", value);
      return 1;
    default:
      return 1;
  }
}

type ExecMounts = Extract<Op["op"], { case: "exec" }>["value"]["mounts"];

function checkMounts(mounts: ExecMounts, count: number, say: Say): number {
  const seen = new Set<string>();
  let outputs = 0;
  for (const { dest, input, output, mountType, cacheOpt, secretOpt, SSHOpt, readonly } of mounts) {
    if (seen.has(dest)) say(`two mounts at ${dest}`);
    seen.add(dest);
    if (!dest.startsWith("/") || /(^|\/)\.\.?(\/|$)|\/\/|\0/.test(dest)) say(`mount at "${dest}"`);
    if (input < -1n || input >= count) say(`mount ${dest}: input ${input} of ${count}`);
    // bind, secret, ssh, cache and tmpfs, as numbers of the protocol.
    const [secret, ssh, cache, tmpfs] = [1, 2, 3, 4].map((type) => mountType === type);
    if ((secret || ssh || tmpfs) && input !== -1n) say(`mount ${dest} has an input`);
    if (secret && (secretOpt === undefined || secretOpt.ID === "")) say(`secret ${dest} has no id`);
    if (ssh && SSHOpt === undefined) say(`ssh ${dest} has no options`);
    if (cache && (cacheOpt === undefined || cacheOpt.ID === "")) say(`cache ${dest} has no id`);
    if (output === -1n) continue;
    if (readonly) say(`mount ${dest} is read-only and has an output`);
    if (output !== BigInt(outputs)) say(`mount ${dest}: output ${output} is number ${outputs}`);
    outputs++;
  }
  if (mounts[0]?.dest !== "/") say("the first mount is not the root");
  return outputs;
}

function checkActions(actions: readonly FileAction[], count: number, say: Say): void {
  let outputs = 0n;
  for (const [at, { input, secondaryInput, output, action }] of actions.entries()) {
    const most = BigInt(count + at);
    if (input < -1n || input >= most) say(`action ${at}: input ${input} of ${most}`);
    if (secondaryInput < -1n || secondaryInput >= most) say(`action ${at}: second input ${secondaryInput} of ${most}`);
    if (output !== -1n && output !== outputs++) say(`action ${at}: output ${output}`);
    if (action.case === undefined) say(`action ${at} does nothing`);
    const paths = [action.value ?? {}].flatMap((value) =>
      ["path", "src", "dest", "newpath"].flatMap((name) => Reflect.get(value, name) ?? []),
    );
    for (const path of paths) if (!String(path).startsWith("/") || String(path).includes("\0")) say(`path "${path}"`);
    if (action.case === "mkfile" || action.case === "mkdir") {
      const { mode } = action.value;
      if (mode < 0 || mode > 0o777) say(`mode ${mode}`);
    }
  }
  if (outputs < 1n) say("no output");
}

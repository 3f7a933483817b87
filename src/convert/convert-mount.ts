import { posix } from "node:path";
import type { Conversion } from "./conversion.ts";
import { contextSource, optional } from "./convert-file-source.ts";
import { type Instruction, refuse } from "./instruction.ts";
import { call, type Entry, type Lua, literal, record, text } from "./lua.ts";
import type { Stage } from "./stage.ts";
import type { LuaWord } from "./word-to-lua.ts";

/** What the mounts of a step are in its options. */
export interface Mounts {
  readonly mounts: readonly Lua[];
  readonly secretsEnv: readonly Entry[];
}

type Fields = ReadonlyMap<string, LuaWord>;

const otherNames: Readonly<Record<string, string>> = {
  src: "source",
  dst: "target",
  destination: "target",
  ro: "readonly",
  rw: "readwrite",
};

const known = "type from source target readonly readwrite required size id sharing mode uid gid env".split(" ");

/** The options `mounts` and `secrets_env` of a RUN. */
export function convertMounts(conversion: Conversion, stage: Stage, instruction: Instruction): Mounts {
  const mounts: Lua[] = [];
  const secretsEnv: Entry[] = [];
  for (const flag of instruction.flags.get("mount") ?? []) {
    const fields = readFields(conversion, stage, instruction, flag);
    const type = fields.get("type")?.constant?.toLowerCase() ?? "bind";
    if (type === "secret") addSecret(fields, mounts, secretsEnv);
    else if (type === "ssh") mounts.push(sshMount(fields));
    else if (type === "tmpfs")
      mounts.push(call("bk.tmpfs", targetOf(fields), ...optional(record({ size: size(fields) }))));
    else if (type === "cache") mounts.push(cacheMount(conversion, stage, instruction, fields));
    else if (type === "bind") mounts.push(bindMount(conversion, fields));
    else throw refuse(`RUN: --mount has no type "${type}"`, "bind, cache, secret, ssh and tmpfs are there");
  }
  return { mounts, secretsEnv };
}

function readFields(conversion: Conversion, stage: Stage, instruction: Instruction, flag: string): Fields {
  const fields = new Map<string, LuaWord>();
  for (const field of flag.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? []) {
    const plain = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
    const equals = plain.indexOf("=");
    const key = (equals < 0 ? plain : plain.slice(0, equals)).toLowerCase();
    const name = otherNames[key] ?? key;
    if (!known.includes(name)) throw refuse(`RUN: --mount has no option "${key}"`);
    const value = equals < 0 ? "true" : plain.slice(equals + 1);
    fields.set(name, conversion.word(stage, instruction, value));
  }
  return fields;
}

/** Without a target it is the working directory. */
function targetOf(fields: Fields): Lua {
  const target = fields.get("target");
  if (target === undefined || target.constant === "") return text(".");
  return target.constant === undefined ? target.lua : text(posix.normalize(target.constant).replace(/(.)\/$/, "$1"));
}

function bindMount(conversion: Conversion, fields: Fields): Lua {
  const isWritable = isTrue(fields, "readwrite") || fields.get("readonly")?.constant === "false";
  const options = record({ selector: selectorOf(fields), readonly: isWritable ? literal(false) : undefined });
  return call(
    "bk.bind",
    fromOf(conversion, fields) ?? contextSource(conversion),
    targetOf(fields),
    ...optional(options),
  );
}

function cacheMount(conversion: Conversion, stage: Stage, instruction: Instruction, fields: Fields): Lua {
  if (isTrue(fields, "readonly")) conversion.warn(stage, instruction, "a cache mount can always be written to");
  const sharing = fields.get("sharing")?.constant?.toLowerCase();
  const options = record({
    id: fields.get("id")?.lua,
    sharing: sharing === undefined || sharing === "shared" ? undefined : text(sharing),
    from: fromOf(conversion, fields),
    selector: selectorOf(fields),
    ...ownership(fields),
  });
  return call("bk.cache", targetOf(fields), ...optional(options));
}

function addSecret(fields: Fields, mounts: Lua[], secretsEnv: Entry[]): void {
  const target = fields.get("target");
  const id = fields.get("source") ?? fields.get("id") ?? target;
  if (id === undefined) throw refuse("RUN: a secret mount needs an id or a target");
  const name = id === target ? baseName(id) : id.lua;
  const isOptional = isTrue(fields, "required") ? undefined : literal(true);
  const env = fields.get("env");
  if (env !== undefined)
    secretsEnv.push({ key: env.constant ?? env.lua, value: record({ id: name, optional: isOptional }) });
  if (env !== undefined && target === undefined) return;
  const dest = target?.lua ?? defaultPlace(id);
  const isLast = id.constant !== undefined && dest.type === "string" && posix.basename(dest.value) === id.constant;
  const options = record({
    id: isLast || id === target ? undefined : name,
    ...ownership(fields),
    optional: isOptional,
  });
  mounts.push(call("bk.secret", dest, ...optional(options)));
}

function baseName({ lua, constant }: LuaWord): Lua {
  return constant === undefined ? lua : text(posix.basename(constant));
}

function defaultPlace({ lua, constant }: LuaWord): Lua {
  if (constant !== undefined) return text(`/run/secrets/${posix.basename(constant)}`);
  return { type: "concat", parts: [text("/run/secrets/"), lua] };
}

function sshMount(fields: Fields): Lua {
  const options = record({
    dest: fields.get("target")?.lua,
    id: fields.get("id")?.lua,
    ...ownership(fields),
    optional: isTrue(fields, "required") ? undefined : literal(true),
  });
  return call("bk.ssh", ...optional(options));
}

function fromOf(conversion: Conversion, fields: Fields): Lua | undefined {
  const from = fields.get("from");
  if (from === undefined) return undefined;
  if (from.constant !== undefined) return conversion.source(from.constant);
  throw refuse("RUN: from of --mount takes no variables", "name a stage with FROM, which takes global arguments");
}

function selectorOf(fields: Fields): Lua | undefined {
  const source = fields.get("source");
  if (source === undefined) return undefined;
  if (source.constant === undefined) return source.lua;
  const path = posix.join("/", source.constant).replace(/(.)\/$/, "$1");
  return path === "/" ? undefined : text(path);
}

function ownership(fields: Fields) {
  return { uid: numberOf(fields, "uid"), gid: numberOf(fields, "gid"), mode: modeOf(fields) };
}

function modeOf(fields: Fields): Lua | undefined {
  const mode = fields.get("mode");
  return mode?.constant === undefined ? mode?.lua : text(mode.constant.padStart(4, "0"));
}

function numberOf(fields: Fields, name: string): Lua | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  if (value.constant === undefined) return call("tonumber", value.lua);
  if (!/^\d+$/.test(value.constant)) throw refuse(`RUN: ${name} of --mount is a number, not "${value.constant}"`);
  return literal(Number(value.constant));
}

function size(fields: Fields): Lua | undefined {
  const value = fields.get("size");
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(value?.constant ?? "") ?? [];
  if (amount === "") return value?.lua;
  const power = " kmgt".indexOf(unit.toLowerCase() || " ");
  return literal(Math.floor(Number(amount) * 1024 ** power));
}

function isTrue(fields: Fields, name: string): boolean {
  return /^(?:1|t|true)$/i.test(fields.get(name)?.constant ?? "");
}

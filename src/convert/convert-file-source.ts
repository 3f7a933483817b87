import type { Conversion } from "./conversion.ts";
import { flagOf, type Instruction } from "./instruction.ts";
import { call, code, type Lua, literal, record, text } from "./lua.ts";
import { printLua } from "./print-lua.ts";
import type { Stage } from "./stage.ts";
import type { LuaWord } from "./word-to-lua.ts";

/** What one source of ADD is copied from, and the path in it. */
export interface RemoteSource {
  readonly from: Lua;
  readonly path: Lua;
}

/** The repository or download that a source of ADD is; undefined for a path. */
export function remoteSource(
  conversion: Conversion,
  stage: Stage,
  instruction: Instruction,
  { lua, preset }: LuaWord,
): RemoteSource | undefined {
  const known = preset ?? leadingText(lua);
  if (isGitUrl(known)) return { from: gitSource(conversion, stage, instruction, lua), path: text("/") };
  if (!/^https?:\/\//.test(known)) return undefined;
  const name = fileName(lua);
  const checksum = flagOf(instruction, "checksum");
  const options = record({
    checksum: checksum === undefined ? undefined : conversion.lua(stage, instruction, checksum),
    // A server may give the file another name.
    filename: name,
  });
  return { from: call("bk.http", lua, ...optional(options)), path: name };
}

function gitSource(conversion: Conversion, stage: Stage, instruction: Instruction, url: Lua): Lua {
  const checksum = flagOf(instruction, "checksum");
  const options = record({
    checksum: checksum === undefined ? undefined : conversion.lua(stage, instruction, checksum),
    keep_git_dir: flagOf(instruction, "keep-git-dir") === "true" ? literal(true) : undefined,
  });
  return call("bk.git", url, ...optional(options));
}

/** Options for a call, unless there are none. */
export function optional(options: Lua): readonly Lua[] {
  return options.type === "table" && options.entries.length === 0 ? [] : [options];
}

/** Repositories as the Dockerfile frontend tells them from downloads. */
function isGitUrl(url: string): boolean {
  if (/^(?:git|ssh):\/\//.test(url) || /^[\w-]+@[\w.-]+:/.test(url)) return true;
  return /^https?:\/\/[^?#]*\.git(?:[?#]|$)/.test(url);
}

function leadingText(lua: Lua): string {
  const [first] = lua.type === "concat" ? lua.parts : [lua];
  return first?.type === "string" ? first.value : "";
}

/** The last part of a URL's path, which is what the file is called. */
function fileName(url: Lua): Lua {
  const parts = url.type === "concat" ? url.parts : [url];
  const name: Lua[] = [];
  for (const part of parts) {
    if (part.type !== "string") name.push(part);
    else {
      const [path = "", query] = part.value.split(/[?#]/, 2);
      const slash = path.lastIndexOf("/");
      if (slash >= 0) name.length = 0;
      const rest = decode(path.slice(slash + 1));
      if (rest !== "") name.push(text(rest));
      if (query !== undefined) break;
    }
  }
  const [first] = name;
  if (first === undefined || isBareHost(url)) return text("__unnamed__");
  return name.length === 1 ? first : { type: "concat", parts: name };
}

function isBareHost(url: Lua): boolean {
  return url.type === "string" && /^https?:\/\/[^/]*\/?$/.test(url.value);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The local of the build context. */
export function contextSource(conversion: Conversion): Lua {
  return code(conversion.contextLocal());
}

/** A file with that content, alone in its tree. */
export function mkfile(path: Lua, content: Lua, ...options: readonly Lua[]): Lua {
  return {
    type: "chain",
    head: call("bk.scratch"),
    links: [{ method: "mkfile", args: [path, content, ...options], comments: [] }],
  };
}

/** What has several lines goes into a local before the stage. */
export function inLocal(conversion: Conversion, stage: Stage, value: Lua, wish: string): Lua {
  if (!printLua(value, "", 0).includes("\n")) return value;
  const name = conversion.names.take(wish.replace(/^\.+/, ""));
  stage.statements.push({ comments: [], name, value });
  return code(name);
}

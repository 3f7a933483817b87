import { expandWord } from "../expand/expand.ts";
import { parseWord } from "../expand/word.ts";
import type { Writer } from "../wire/writer.ts";
import type { CopyAction } from "./action-copy.ts";
import type { DefinitionInput } from "./definition.ts";
import { type EncodeContext, type Encoded, inputIndex, writeCommon } from "./encode.ts";
import type { FileAction, FileOp } from "./file.ts";
import { invalid } from "./invalid.ts";
import { type Identity, type Owner, parseOwner } from "./owner.ts";
import { resolveDestination, resolvePath } from "./path.ts";
import { plainFileCaps } from "./plain-caps.ts";
import type { Runtime } from "./runtime.ts";

// Field numbers of pb.FileAction.
const fields = { copy: 4, mkfile: 5, mkdir: 6, rm: 7, symlink: 8 } as const;

/** Writes a file op as pb.Op: a chain of actions, of which the last one is the output. */
export function encodeFile(op: FileOp, context: EncodeContext): Encoded {
  const { writer } = context;
  const inputs: DefinitionInput[] = [];
  const base = inputIndex(inputs, op.state.output, context);
  const { actions } = op;
  const secondary: number[] = [];
  for (let at = 0; at < actions.length; at++) {
    const action = actions[at];
    secondary.push(action?.type === "copy" ? inputIndex(inputs, action.from.output, context) : -1);
  }
  writeCommon(context, inputs, undefined);
  let caps = plainFileCaps;
  const mark = writer.begin(4);
  for (let at = 0; at < actions.length; at++) {
    const action = actions[at];
    if (action === undefined) continue;
    const start = writer.begin(2);
    writer.number(1, at === 0 ? base : inputs.length + at - 1);
    writer.number(2, secondary[at] ?? -1);
    writer.number(3, at === actions.length - 1 ? 0 : -1);
    const body = writer.begin(fields[action.type]);
    writeAction(writer, ownedAction(op, action, context.runtime), pathsOf(op, action, context.runtime), base);
    writer.end(body);
    writer.end(start);
    caps = addCaps(action, caps);
  }
  writer.end(mark);
  return { inputs, caps, vertex: undefined };
}

/** The paths of an action as the daemon gets them: absolute, `source` only for copies. */
export function pathsOf(op: FileOp, action: FileAction, runtime: Runtime): { path: string; source: string } {
  const dir = runtime.dir(op.state);
  if (action.type === "copy") {
    const { dest, source } = action.expands ? expandPaths(action, runtime.env(op.state)) : action;
    return { path: resolveDestination(dir, dest), source: resolvePath(runtime.dir(action.from), source) };
  }
  const path = resolvePath(dir, action.path);
  if (action.type === "rm" && path === "/") throw invalid("rm: the root itself cannot be removed");
  return { path, source: "" };
}

function expandPaths({ dest, source }: CopyAction, env: readonly string[]): { dest: string; source: string } {
  const lookup = (name: string) => env.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  return { dest: expandWord(parseWord(dest), lookup), source: expandWord(parseWord(source), lookup) };
}

function ownedAction(op: FileOp, action: FileAction, runtime: Runtime): FileAction {
  if (action.type !== "mkdir" || !action.ownedByUser) return action;
  const user = runtime.user(op.state);
  return user === "" ? action : { ...action, owner: parseOwner(user) };
}

function writeAction(writer: Writer, action: FileAction, paths: { path: string; source: string }, base: number): void {
  switch (action.type) {
    case "copy":
      writeCopy(writer, action, paths, base);
      break;
    case "mkfile":
      writer.text(1, paths.path);
      writer.number(2, action.mode);
      writer.data(3, action.data);
      writeOwner(writer, 4, action.owner, base);
      writer.number(5, action.created ?? -1);
      break;
    case "mkdir":
      writer.text(1, paths.path);
      writer.number(2, action.mode);
      writer.flag(3, action.makeParents);
      writeOwner(writer, 4, action.owner, base);
      writer.number(5, action.created ?? -1);
      break;
    case "rm":
      writer.text(1, paths.path);
      writer.flag(2, action.allowNotFound);
      writer.flag(3, action.allowWildcard);
      break;
    case "symlink":
      writer.text(1, action.target);
      writer.text(2, paths.path);
      writeOwner(writer, 3, action.owner, base);
      writer.number(4, action.created ?? -1);
      break;
  }
}

function writeCopy(writer: Writer, action: CopyAction, paths: { path: string; source: string }, base: number): void {
  writer.text(1, paths.source);
  writer.text(2, paths.path);
  writeOwner(writer, 3, action.owner, base);
  // A daemon that does not know symbolic modes yet shall keep the mode, rather than set 0.
  writer.number(4, typeof action.mode === "number" ? action.mode : -1);
  writer.flag(5, action.followSymlink);
  writer.flag(6, action.contentsOnly);
  writer.flag(7, action.unpack);
  writer.flag(8, action.createDestPath);
  writer.flag(9, action.allowWildcard);
  writer.flag(10, action.allowEmptyWildcard);
  writer.number(11, action.created ?? -1);
  writer.texts(12, action.include);
  writer.texts(13, action.exclude);
  writer.flag(14, action.alwaysReplace);
  writer.text(15, typeof action.mode === "string" ? action.mode : "");
  // The daemon compares them with paths from the root.
  const required = action.requiredPaths.map((path) => resolvePath(paths.source, path));
  writer.texts(16, required);
}

function writeOwner(writer: Writer, field: number, owner: Owner | undefined, base: number): void {
  if (owner === undefined) return;
  const mark = writer.begin(field);
  writeIdentity(writer, 1, owner.user, base);
  writeIdentity(writer, 2, owner.group, base);
  writer.end(mark);
}

function writeIdentity(writer: Writer, field: number, identity: Identity | undefined, base: number): void {
  if (identity === undefined) return;
  const mark = writer.begin(field);
  if (typeof identity === "number") {
    writer.numberEvenZero(2, identity);
  } else {
    const named = writer.begin(1);
    writer.text(1, identity);
    writer.number(2, base);
    writer.end(named);
  }
  writer.end(mark);
}

// Go's client declares file.base alone. Saying more makes an older daemon name what it lacks instead of ignoring it.
function addCaps(action: FileAction, caps: readonly string[]): readonly string[] {
  if (action.type === "symlink") return [...caps, "file.symlink.create"];
  if (action.type === "rm") return action.allowWildcard ? [...caps, "file.rm.wildcard"] : caps;
  if (action.type !== "copy") return caps;
  let all = caps;
  if (action.include.length > 0 || action.exclude.length > 0) all = [...all, "file.copy.includeexcludepatterns"];
  if (action.requiredPaths.length > 0) all = [...all, "file.copy.requiredpaths"];
  if (action.alwaysReplace) all = [...all, "file.copy.alwaysreplaceexistingdestpaths"];
  return all;
}

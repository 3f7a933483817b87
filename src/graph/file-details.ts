import type { ChownOpt, FileAction, FileActionCopy, FileOp, UserOpt } from "../gen/ops.ts";
import type { Detail, Fields } from "./graph.ts";
import { compact, emptyRoles, inputLabel, octal, type WireOp } from "./wire-op.ts";

/** The actions of a file op, one entry each. */
export function fileDetails(file: FileOp, wire: WireOp): Detail[] {
  const entries = file.actions.map((action, at) => ({
    ...actionFields(action, wire),
    ...placeFields(file, at, wire),
  }));
  return [{ key: "actions", entries }];
}

/** What the inputs of a file op are used for: one list per input. */
export function fileRoles(file: FileOp, count: number): string[][] {
  const roles = emptyRoles(count);
  const add = (input: number, role: string) => {
    const known = roles[input];
    if (known !== undefined && !known.includes(role)) known.push(role);
  };
  for (const { input, secondaryInput, copy } of file.actions) {
    add(input, "base");
    if (copy !== undefined) add(secondaryInput, "copy from");
  }
  for (const { copy, mkfile, mkdir, symlink } of file.actions) {
    const owner = (copy ?? mkfile ?? mkdir ?? symlink)?.owner;
    if (owner === undefined) continue;
    for (const input of new Set([owner.user?.byName?.input, owner.group?.byName?.input])) {
      if (input !== undefined && roles[input]?.length === 0) add(input, "owner names");
    }
  }
  return roles;
}

function actionFields({ mkdir, mkfile, rm, symlink, copy, secondaryInput }: FileAction, wire: WireOp): Fields {
  if (mkdir !== undefined) {
    const { path, mode, makeParents, owner, timestamp } = mkdir;
    const fields = { mode: octal(mode), make_parents: makeParents, ...creation(owner, timestamp) };
    return { action: "mkdir", path, ...compact(fields) };
  }
  if (mkfile !== undefined) {
    const { path, mode, data, owner, timestamp } = mkfile;
    const fields = { mode: octal(mode), size: data.length, ...creation(owner, timestamp) };
    return { action: "mkfile", path, ...compact<string | number>(fields) };
  }
  if (rm !== undefined) {
    const { path, allowNotFound, allowWildcard } = rm;
    return { action: "rm", path, ...compact({ allow_not_found: allowNotFound, allow_wildcard: allowWildcard }) };
  }
  if (symlink !== undefined) {
    const { oldpath, newpath, owner, timestamp } = symlink;
    return { action: "symlink", path: newpath, target: oldpath, ...compact(creation(owner, timestamp)) };
  }
  return copy === undefined ? { action: "unknown" } : copyFields(copy, actionInput(wire, secondaryInput));
}

function copyFields(copy: FileActionCopy, from: string): Fields {
  return {
    action: "copy",
    source: copy.src,
    dest: copy.dest,
    from,
    ...compact<string | boolean | readonly string[]>({
      mode: copy.modeStr || (copy.mode < 0 ? undefined : octal(copy.mode)),
      ...creation(copy.owner, copy.timestamp),
      follow_symlink: copy.followSymlink,
      unpack: copy.attemptUnpackDockerCompatibility,
      allow_empty_wildcard: copy.allowEmptyWildcard,
      always_replace: copy.alwaysReplaceExistingDestPaths,
      include: copy.include_patterns,
      exclude: copy.exclude_patterns,
      required_paths: copy.required_paths,
    }),
    // These three are on as a rule.
    ...(copy.dirCopyContents ? {} : { contents_only: false }),
    ...(copy.createDestPath ? {} : { create_dest_path: false }),
    ...(copy.allowWildcard ? {} : { allow_wildcard: false }),
  };
}

// Actions mostly stand in a row, each on the one before, and the last is the output: only what differs is said.
function placeFields(file: FileOp, at: number, wire: WireOp): Fields {
  const action = file.actions[at];
  if (action === undefined) return {};
  const isFirst = at === 0 && action.input < wire.inputs.length;
  const follows = isFirst || action.input === wire.inputs.length + at - 1;
  const isLast = at === file.actions.length - 1;
  const output = isLast && action.output === 0 ? -1 : action.output;
  return {
    ...(follows ? {} : { on: actionInput(wire, action.input) }),
    ...(output < 0 ? {} : { output }),
  };
}

function actionInput(wire: WireOp, input: number): string {
  const count = wire.inputs.length;
  return input < count ? inputLabel(wire, input) : `action ${input - count + 1}`;
}

function creation(owner: ChownOpt | undefined, timestamp: bigint): Record<string, string | undefined> {
  const [user, group] = [identity(owner?.user), identity(owner?.group)];
  const created = timestamp < 0n ? undefined : new Date(Number(timestamp / 1_000_000n)).toISOString();
  return { owner: group === undefined ? user : `${user ?? ""}:${group}`, created };
}

function identity(option: UserOpt | undefined): string | undefined {
  if (option?.byName !== undefined) return option.byName.name;
  return option?.byID === undefined ? undefined : String(option.byID);
}

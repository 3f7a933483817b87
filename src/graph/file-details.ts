import type { ChownOpt, FileAction, FileActionCopy, FileOp, UserOpt } from "../gen/pb/ops_pb.ts";
import type { Detail, Fields } from "./graph.ts";
import { compact, inputLabel, octal, type WireOp } from "./wire-op.ts";

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
  const roles: string[][] = Array.from({ length: count }, () => []);
  const add = (input: bigint | undefined, role: string) => {
    const known = input === undefined ? undefined : roles[Number(input)];
    if (known !== undefined && !known.includes(role)) known.push(role);
  };
  for (const { input, secondaryInput, action } of file.actions) {
    add(input, "base");
    if (action.case === "copy") add(secondaryInput, "copy from");
  }
  for (const { action } of file.actions) {
    if (action.case === undefined || action.case === "rm") continue;
    const names = new Set([namesInput(action.value.owner?.user), namesInput(action.value.owner?.group)]);
    for (const input of names) if (input !== undefined && roles[Number(input)]?.length === 0) add(input, "owner names");
  }
  return roles;
}

function actionFields({ action, secondaryInput }: FileAction, wire: WireOp): Fields {
  switch (action.case) {
    case "mkdir": {
      const { path, mode, makeParents, owner, timestamp } = action.value;
      const fields = { mode: octal(mode), make_parents: makeParents, ...creation(owner, timestamp) };
      return { action: "mkdir", path, ...compact(fields) };
    }
    case "mkfile": {
      const { path, mode, data, owner, timestamp } = action.value;
      const fields = { mode: octal(mode), size: data.length, ...creation(owner, timestamp) };
      return { action: "mkfile", path, ...compact<string | number>(fields) };
    }
    case "rm": {
      const { path, allowNotFound, allowWildcard } = action.value;
      return { action: "rm", path, ...compact({ allow_not_found: allowNotFound, allow_wildcard: allowWildcard }) };
    }
    case "symlink": {
      const { oldpath, newpath, owner, timestamp } = action.value;
      return { action: "symlink", path: newpath, target: oldpath, ...compact(creation(owner, timestamp)) };
    }
    case "copy":
      return copyFields(action.value, actionInput(wire, secondaryInput));
    default:
      return { action: "unknown" };
  }
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
      include: copy.includePatterns,
      exclude: copy.excludePatterns,
      required_paths: copy.requiredPaths,
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
  const isFirst = at === 0 && action.input < BigInt(wire.inputs.length);
  const follows = isFirst || action.input === BigInt(wire.inputs.length + at - 1);
  const isLast = at === file.actions.length - 1;
  const output = isLast && action.output === 0n ? -1n : action.output;
  return {
    ...(follows ? {} : { on: actionInput(wire, action.input) }),
    ...(output < 0n ? {} : { output: Number(output) }),
  };
}

function actionInput(wire: WireOp, input: bigint): string {
  const count = BigInt(wire.inputs.length);
  return input < count ? inputLabel(wire, input) : `action ${input - count + 1n}`;
}

function creation(owner: ChownOpt | undefined, timestamp: bigint): Record<string, string | undefined> {
  const [user, group] = [identity(owner?.user), identity(owner?.group)];
  const created = timestamp < 0n ? undefined : new Date(Number(timestamp / 1_000_000n)).toISOString();
  return { owner: group === undefined ? user : `${user ?? ""}:${group}`, created };
}

function identity(option: UserOpt | undefined): string | undefined {
  const user = option?.user;
  if (user?.case === "byName") return user.value.name;
  return user?.case === "byID" ? String(user.value) : undefined;
}

function namesInput(option: UserOpt | undefined): bigint | undefined {
  return option?.user.case === "byName" ? option.user.value.input : undefined;
}

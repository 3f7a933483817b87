import { parseWord } from "../expand/word.ts";
import { type CreateOptions, checkPath, createdOf, ownerOf } from "./action.ts";
import { checkText, invalid } from "./invalid.ts";
import { copyMode } from "./mode.ts";
import type { Owner } from "./owner.ts";
import { isAbsolute } from "./path.ts";
import type { State } from "./state.ts";

export interface CopyAction {
  readonly type: "copy";
  readonly from: State;
  /** Below the working directory of `from`. */
  readonly source: string;
  readonly dest: string;
  /** Bits, or a symbolic mode; absent keeps that of the source. */
  readonly mode?: number | string | undefined;
  readonly owner?: Owner | undefined;
  readonly created?: bigint | undefined;
  readonly followSymlink: boolean;
  readonly contentsOnly: boolean;
  readonly unpack: boolean;
  readonly createDestPath: boolean;
  readonly allowWildcard: boolean;
  readonly allowEmptyWildcard: boolean;
  readonly alwaysReplace: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Below `source`, or from the root. */
  readonly requiredPaths: readonly string[];
  /** `$NAME` in `source` and `dest` stands for a variable of the state that is copied to. */
  readonly expands: boolean;
}

export interface CopyOptions extends CreateOptions {
  /** Bits, octal text or symbolic text. */
  readonly mode?: number | string | undefined;
  readonly followSymlink?: boolean | undefined;
  /** Default true. */
  readonly createDestPath?: boolean | undefined;
  /** Default true. */
  readonly allowWildcard?: boolean | undefined;
  readonly allowEmptyWildcard?: boolean | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Default true: a directory's contents land in `dest`. */
  readonly contentsOnly?: boolean | undefined;
  readonly unpack?: boolean | undefined;
  readonly alwaysReplace?: boolean | undefined;
  readonly requiredPaths?: readonly string[] | undefined;
  readonly expand?: boolean | undefined;
}

/** Copies from another state; one action per source. */
export function copyAction(
  from: State,
  sources: string | readonly string[],
  dest: string,
  options: CopyOptions,
): readonly CopyAction[] {
  checkPath("dest", dest);
  const list = typeof sources === "string" ? [sources] : sources;
  if (list.length === 0) throw invalid("copy: no source");
  const mode = copyMode(options.mode);
  const created = createdOf(options);
  const owner = ownerOf(options);
  const { include, exclude, requiredPaths } = selection(options);
  const settings = {
    mode,
    owner,
    created,
    followSymlink: options.followSymlink ?? false,
    contentsOnly: options.contentsOnly ?? true,
    unpack: options.unpack ?? false,
    createDestPath: options.createDestPath ?? true,
    allowWildcard: options.allowWildcard ?? true,
    allowEmptyWildcard: options.allowEmptyWildcard ?? false,
    alwaysReplace: options.alwaysReplace ?? false,
    expands: options.expand ?? false,
    include,
    exclude,
    requiredPaths,
  };
  if (settings.expands) parseWord(dest);
  return list.map((source) => {
    checkPath("src", source);
    if (settings.expands) parseWord(source);
    checkRequiredPaths(source, settings);
    return { type: "copy", from, source, dest, ...settings };
  });
}

const none: readonly string[] = [];

function selection(options: CopyOptions): Pick<CopyAction, "include" | "exclude" | "requiredPaths"> {
  const include = patterns("include", options.include);
  const exclude = patterns("exclude", options.exclude);
  const requiredPaths = patterns("required_paths", options.requiredPaths);
  // The daemon looks at required paths only where it goes through patterns.
  const everything = requiredPaths.length > 0 && include.length === 0 && exclude.length === 0;
  return { include: everything ? ["**"] : include, exclude, requiredPaths };
}

function checkRequiredPaths(source: string, settings: Pick<CopyAction, "requiredPaths" | "allowWildcard">): void {
  const relative = settings.requiredPaths.find((path) => !isAbsolute(path));
  if (relative === undefined || !settings.allowWildcard || !/[*?[\\]/.test(source)) return;
  throw invalid(
    `required_paths: "${relative}" is below a source that is a pattern`,
    `write it from the root: "/${relative}"`,
  );
}

function patterns(option: string, list: readonly string[] | undefined): readonly string[] {
  for (const pattern of list ?? none) {
    if (pattern === "") throw invalid(`${option}: a pattern is empty`);
    checkText(option, pattern);
  }
  return list ?? none;
}

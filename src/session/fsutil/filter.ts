import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { type ByteString, toText } from "./byte-string.ts";
import { dropCovered, followPaths } from "./follow-path.ts";
import type { LocalTree } from "./local-tree.ts";
import { type MatchResults, PatternMatcher } from "./pattern.ts";

/** Which entries of a tree a transfer is about; each list is absent when it does not filter. */
export interface FilterRules {
  readonly include?: readonly ByteString[] | undefined;
  readonly exclude?: readonly ByteString[] | undefined;
  readonly followPaths?: readonly ByteString[] | undefined;
}

/** What the patterns said of a directory; its entries need it. */
export interface DirectoryMatch {
  readonly include: MatchResults | undefined;
  readonly exclude: MatchResults | undefined;
}

/** What becomes of a directory. One that is not kept is sent all the same when something in it is. */
export interface DirectoryDecision extends DirectoryMatch {
  readonly keep: boolean;
  /** False when nothing below can be kept. */
  readonly enter: boolean;
}

/** fsutil's include and exclude rules. */
export class Filter {
  private readonly include: PatternMatcher | undefined;
  private readonly exclude: PatternMatcher | undefined;
  /** Without their trailing `*`: what lies below them can be included; undefined when anything may be. */
  private readonly includable: readonly ByteString[] | undefined;
  private readonly readmittable: readonly ByteString[] | undefined;

  /** Throws "file.pattern" for a malformed pattern. */
  constructor(include: readonly ByteString[] | undefined, exclude: readonly ByteString[] | undefined) {
    this.include = makeMatcher("include", include);
    this.exclude = makeMatcher("exclude", exclude);
    this.includable = this.include && plainPrefixes(this.include, false);
    this.readmittable = this.exclude && plainPrefixes(this.exclude, true);
  }

  keepsFile(path: ByteString, parent: DirectoryMatch | undefined): boolean {
    if (this.include?.matches(path, parent?.include) === false) return false;
    return this.exclude?.matches(path, parent?.exclude) !== true;
  }

  decideDirectory(path: ByteString, parent: DirectoryMatch | undefined): DirectoryDecision {
    const include: boolean[] | undefined = this.include && [];
    const exclude: boolean[] | undefined = this.exclude && [];
    const included = this.include?.matches(path, parent?.include, include) !== false;
    if (!included && !liesAboveOne(path, this.includable)) return { keep: false, enter: false, include, exclude };
    const excluded = this.exclude?.matches(path, parent?.exclude, exclude) === true;
    const enter = !excluded || liesAboveOne(path, this.readmittable);
    return { keep: included && !excluded, enter, include, exclude };
  }
}

/** The filter of a transfer; undefined when it keeps everything. Follow paths are looked up in the tree now. */
export function makeFilter(tree: LocalTree, rules: FilterRules): Filter | undefined {
  const targets = rules.followPaths === undefined ? undefined : followPaths(tree, rules.followPaths);
  const include = targets === undefined ? rules.include : dropCovered([...(rules.include ?? []), ...targets]);
  const [includes, excludes] = [include ?? [], rules.exclude ?? []];
  if (includes.length === 0 && excludes.length === 0) return undefined;
  return new Filter(includes.length === 0 ? undefined : includes, excludes.length === 0 ? undefined : excludes);
}

function makeMatcher(what: string, patterns: readonly ByteString[] | undefined): PatternMatcher | undefined {
  if (patterns === undefined) return undefined;
  try {
    return new PatternMatcher(patterns);
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    const list = patterns.map((pattern) => `"${toText(pattern)}"`).join(", ");
    throw new LuakitError(error.code, `invalid ${what} patterns ${list}: ${error.message}`, { cause: error });
  }
}

/** The patterns of one sign without `/*` and `/**` at their end; undefined when one of them has further wildcards. */
function plainPrefixes(matcher: PatternMatcher, negated: boolean): readonly ByteString[] | undefined {
  const prefixes = matcher.patterns
    .filter((pattern) => pattern.negated === negated)
    .map(({ text }) => text.replace(/\/\*\*$/, "").replace(/\/\*$/, ""));
  return prefixes.some((prefix) => /[*[\]?^\\]/.test(prefix)) ? undefined : prefixes;
}

function liesAboveOne(path: ByteString, prefixes: readonly ByteString[] | undefined): boolean {
  return prefixes === undefined || prefixes.some((prefix) => `${prefix}/`.startsWith(`${path}/`));
}

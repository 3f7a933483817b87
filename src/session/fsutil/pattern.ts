import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { type ByteString, toText } from "./byte-string.ts";
import { goExpression } from "./go-expression.ts";
import { cleanPath, parentPath } from "./go-path.ts";
import { matchName } from "./match-name.ts";

/** How one pattern is looked for, as moby/patternmatcher chooses. */
type Match =
  | { readonly kind: "exact" }
  | { readonly kind: "prefix"; readonly prefix: ByteString }
  | { readonly kind: "suffix"; readonly suffix: ByteString }
  | { readonly kind: "expression"; readonly expression: RegExp };

/** For each pattern, whether it matched a directory or one above it. */
export type MatchResults = readonly boolean[];

/** Spaces of Unicode around a pattern, as bytes. */
const space =
  "(?:[\\t-\\r ]|\\u00c2[\\u0085\\u00a0]|\\u00e1\\u009a\\u0080|\\u00e2\\u0080[\\u0080-\\u008a\\u00a8\\u00a9\\u00af]|\\u00e2\\u0081\\u009f|\\u00e3\\u0080\\u0080)+";
const outerSpace = new RegExp(`^${space}|${space}$`, "g");
const expressionLetters = ".+()|{}$";

class Pattern {
  readonly negated: boolean;
  /** The clean pattern without its `!`. */
  readonly text: ByteString;
  private match: Match | undefined;

  constructor(clean: ByteString) {
    this.negated = clean.startsWith("!");
    this.text = this.negated ? clean.slice(1) : clean;
    if (this.negated && this.text === "") throw invalid('illegal exclusion pattern: "!"');
    // What BuildKit looks at: a pattern that is malformed elsewhere fails when it is compared, or never.
    if (matchName(toText(this.text), ".") === "malformed")
      throw invalid(`syntax error in pattern "${toText(this.text)}"`);
  }

  /** True when the pattern matches the path itself. */
  matches(path: ByteString): boolean {
    this.match ??= chooseMatch(this.text);
    const { match } = this;
    if (match.kind === "exact") return path === this.text;
    if (match.kind === "prefix") return path.startsWith(match.prefix);
    if (match.kind === "expression") return match.expression.test(toText(path));
    const { suffix } = match;
    return path.endsWith(suffix) || (suffix.startsWith("/") && path === suffix.slice(1));
  }

  matchesParentOf(path: ByteString): boolean {
    for (let parent = parentPath(path); parent !== "."; parent = parentPath(parent)) {
      if (this.matches(parent)) return true;
    }
    return false;
  }
}

/**
 * Patterns as BuildKit reads include, exclude and `.dockerignore` lists: in their order, `!` takes back, and what
 * matches a directory matches everything in it. Throws "file.pattern" for a malformed one.
 */
export class PatternMatcher {
  readonly patterns: readonly Pattern[];
  readonly hasNegated: boolean;

  constructor(patterns: readonly ByteString[]) {
    const trimmed = patterns.map((pattern) => pattern.replace(outerSpace, "")).filter((pattern) => pattern !== "");
    this.patterns = trimmed.map((pattern) => new Pattern(cleanPath(pattern)));
    this.hasNegated = this.patterns.some(({ negated }) => negated);
  }

  /**
   * True when the last pattern that counts for `path` is a positive one. `parent` is what this wrote into `results` for
   * the directory of the path, undefined when the path has none.
   */
  matches(path: ByteString, parent: MatchResults | undefined, results?: boolean[]): boolean {
    let matched = false;
    for (let index = 0; index < this.patterns.length; index++) {
      const pattern = this.patterns[index];
      if (pattern === undefined) break;
      let match = parent?.[index] === true;
      // What an earlier pattern has decided already needs no look; that is also what the parent's results then lack.
      if (!match && pattern.negated === matched) {
        match = pattern.matches(path) || (parent === undefined && pattern.matchesParentOf(path));
      }
      if (results !== undefined) results[index] = match;
      if (match) matched = !pattern.negated;
    }
    return matched;
  }
}

function invalid(message: string): LuakitError {
  return new LuakitError("file.pattern", message);
}

/** Builds what moby/patternmatcher's `compile` builds, with its exceptions for `**` at either end. */
function chooseMatch(pattern: ByteString): Match {
  const characters = [...toText(pattern)];
  let kind: Match["kind"] = "exact";
  let source = "^";
  let first = true;
  for (let at = 0; at < characters.length; at++, first = false) {
    const character = characters[at] ?? "";
    if (character === "*" && characters[at + 1] === "*") {
      at++;
      if (characters[at + 1] === "/") at++;
      const last = at + 1 >= characters.length;
      source += last ? ".*" : "(.*/)?";
      kind = first ? "suffix" : last && kind === "exact" ? "prefix" : "expression";
    } else if (character === "*" || character === "?") {
      source += character === "*" ? "[^/]*" : "[^/]";
      kind = "expression";
    } else if (character === "\\") {
      source += `\\${characters[++at] ?? ""}`;
      kind = "expression";
    } else {
      source += expressionLetters.includes(character) ? `\\${character}` : character;
      if (character === "[" || character === "]") kind = "expression";
    }
  }
  if (kind === "exact") return { kind };
  if (kind === "prefix") return { kind, prefix: pattern.slice(0, -2) };
  if (kind === "suffix") return { kind, suffix: pattern.slice(2) };
  const expression = goExpression(`${source}$`);
  if (expression === undefined) throw invalid(`syntax error in pattern "${toText(pattern)}"`);
  return { kind, expression };
}

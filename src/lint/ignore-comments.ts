import { didYouMean } from "../diagnostic/suggest.ts";
import type { SourceFile } from "../llb/location.ts";
import { readComments } from "./comments.ts";
import type { Problem } from "./rule.ts";

/** Which rules a file's comments switch off, where. */
export interface Ignored {
  /** In the whole file. */
  readonly everywhere: ReadonlySet<string>;
  readonly byLine: ReadonlyMap<number, ReadonlySet<string>>;
  /** Words of comments that name no rule. */
  readonly problems: readonly Problem[];
}

const directive = /^\s*luakit:\s*(.*?)\s*$/s;

/**
 * Reads `-- luakit: ignore=rule[,rule]`: behind code for its own line, on a line of its own for the code right under it,
 * and for the whole file at its head, with an empty line under it. `all` is every rule.
 */
export function readIgnored(file: SourceFile, rules: ReadonlySet<string>): Ignored {
  const everywhere = new Set<string>();
  const byLine = new Map<number, Set<string>>();
  const problems: Problem[] = [];
  const lines = file.data.split("\n");
  // Most scripts have none, and then need not be read.
  for (const comment of file.data.includes("luakit:") ? readComments(file.data) : []) {
    const content = directive.exec(comment.text)?.[1];
    if (content === undefined) continue;
    const list = /^ignore\s*=\s*(\S.*)$/.exec(content)?.[1];
    const at = { source: file, line: comment.line };
    if (list === undefined) {
      problems.push({ message: `"${content}" says nothing to luakit`, hint: "write -- luakit: ignore=RULE", at });
      continue;
    }
    const names = list.split(",").map((name) => name.trim());
    for (const name of names.filter((each) => each !== "all" && !rules.has(each))) {
      const hint = "luakit validate --list-rules prints the rules";
      problems.push({ message: `there is no rule "${name}"${didYouMean(name, rules)}`, hint, at });
    }
    const line = comment.isAlone ? nextCode(lines, comment.line + comment.text.split("\n").length) : comment.line;
    const isForFile = comment.isHead && (lines[line - 1] ?? "").trim() === "";
    const set = isForFile ? everywhere : (byLine.get(line) ?? new Set<string>());
    if (!isForFile) byLine.set(line, set);
    for (const name of names) set.add(name);
  }
  return { everywhere, byLine, problems };
}

/** Whether a rule is switched off on a line. */
export function isIgnored({ everywhere, byLine }: Ignored, rule: string, line: number): boolean {
  const here = byLine.get(line);
  return [rule, "all"].some((name) => everywhere.has(name) || here?.has(name) === true);
}

/** Further comments may stand between a comment and what it is about. */
function nextCode(lines: readonly string[], from: number): number {
  let line = from;
  while (/^\s*--/.test(lines[line - 1] ?? "")) line++;
  return line;
}

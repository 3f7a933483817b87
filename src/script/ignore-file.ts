import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, posix, sep } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead, isGone } from "../diagnostic/system-error.ts";
import { isMalformedPattern, patternRule } from "../session/fsutil/malformed-pattern.ts";

/** What the ignore file of a directory is called. */
export const ignoreFile = ".dockerignore";

export interface IgnoreFileOptions {
  readonly script: { readonly name: string; readonly directory: string };
  readonly contextRoot: string;
}

/** The exclude patterns of `<script>.dockerignore` beside the script, else of `.dockerignore` in the context root. */
export function readIgnorePatterns({ script, contextRoot }: IgnoreFileOptions): readonly string[] {
  const name = `${basename(script.name)}.dockerignore`;
  const own = readIfThere(script.directory, name);
  return own === undefined ? readContextIgnorePatterns(contextRoot) : checkIgnorePatterns(own, name);
}

/** The exclude patterns of a directory's `.dockerignore`. */
export function readContextIgnorePatterns(directory: string): readonly string[] {
  const text = readIfThere(directory, ignoreFile);
  return text === undefined ? [] : checkIgnorePatterns(text, ignoreFile);
}

/** The patterns of an ignore file. One that no daemon takes is a `file.pattern` error with its line. */
export function checkIgnorePatterns(text: string, file: string): readonly string[] {
  const patterns = parseIgnorePatterns(text);
  const malformed = patterns.find(isMalformedPattern);
  if (malformed === undefined) return patterns;
  const lines = text.split("\n");
  const index = lines.findIndex((line) => parseIgnorePatterns(line)[0] === malformed);
  const line = lines[index] ?? "";
  const column = line.length - line.trimStart().length + 1;
  const position = { file, line: index + 1, column, endColumn: column + line.trim().length, source: text };
  throw new LuakitError("file.pattern", `"${malformed}" is a malformed pattern: ${patternRule}`, { position });
}

/**
 * The patterns of an ignore file, one a line, as Docker reads them: comments and empty lines left out, paths cleaned
 * and made relative to the context, `!` kept in front.
 */
export function parseIgnorePatterns(text: string): readonly string[] {
  const patterns: string[] = [];
  for (const line of text.replace(/^\uFEFF/, "").split("\n")) {
    if (line.startsWith("#")) continue;
    const trimmed = line.trim();
    if (trimmed === "") continue;
    const isException = trimmed.startsWith("!");
    const path = cleanPattern(isException ? trimmed.slice(1).trim() : trimmed);
    patterns.push(isException ? `!${path}` : path);
  }
  return patterns;
}

function cleanPattern(pattern: string): string {
  if (pattern === "") return pattern;
  const clean = posix.normalize(pattern);
  const bare = clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
  return bare.length > 1 && bare.startsWith("/") ? bare.slice(1) : bare;
}

/** What it says goes to the daemon, and into the graph: no link out of its directory is followed. */
function readIfThere(directory: string, name: string): string | undefined {
  const path = join(directory, name);
  try {
    const real = realpathSync(path);
    const root = realpathSync(directory);
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) {
      throw new LuakitError("file.read", `the ignore file "${path}" is a link to outside, which is not followed`);
    }
    if (!statSync(real).isFile()) throw new LuakitError("file.read", `the ignore file "${path}" is no file`);
    return readFileSync(real, "utf8");
  } catch (error) {
    if (isGone(error)) return undefined;
    throw cannotRead(`the ignore file "${path}"`, error);
  }
}

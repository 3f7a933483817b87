import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Finding } from "../lint/check-rules.ts";
import { urlOf } from "../lint/rule.ts";
import { rules } from "../lint/rules.ts";
import type { ScriptFile } from "../lua/position.ts";
import { stripControls } from "../progress/harmless.ts";
import { SourceList, type SourceLocation } from "../script/source-list.ts";
import { sentence } from "./failure.ts";

/** The answer to `frontend.lint`. */
export interface LintResult {
  readonly warnings: readonly LintWarning[];
  readonly sources: readonly LintSource[];
  readonly buildError?: { readonly message: string; readonly location: SourceLocation } | undefined;
}

interface LintWarning {
  readonly ruleName: string;
  readonly description: string;
  readonly url: string;
  readonly detail: string;
  readonly location: SourceLocation;
}

interface LintSource {
  readonly filename: string;
  /** Base64. */
  readonly data: string;
  readonly language: string;
}

/** What a check found, as far as clients are told. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly error?: LuakitError | undefined;
}

/** Clients look for every place in the sources: this one is nowhere. */
const nowhere: SourceLocation = { sourceIndex: -1, ranges: [] };

/** Puts what a check found into the form that clients read. */
export function describeLint({ findings, error }: Checked, script: ScriptFile): LintResult {
  // The lines of findings have no secrets in them, and so has the script that is shown then.
  const masked = findings.find(({ problem: { position } }) => position?.file === script.name)?.problem.position?.source;
  const shown = { name: script.name, data: masked ?? script.data };
  const sources = new SourceList(shown);
  const place = ({ position }: LuakitError) => position && sources.locatePosition(position);
  const warnings = findings.map(({ rule, problem }) => ({
    ruleName: rule,
    description: rules.find(({ id }) => id === rule)?.summary ?? "",
    url: urlOf(rule),
    detail: stripControls(detailOf(problem, script)),
    location: place(problem) ?? nowhere,
  }));
  const buildError = error && { message: sentence(error), location: place(error) ?? { ranges: [] } };
  const { files, encoded } = sources;
  return {
    warnings,
    sources: files.map(({ name }, index) => ({ filename: name, data: encoded[index] ?? "", language: "Lua" })),
    buildError,
  };
}

/** Buildx shows every place as one of the build file, which hides the names of modules. */
function detailOf({ message, hint, position }: LuakitError, { name }: ScriptFile): string {
  const isHere = position === undefined || position.file === name;
  const text = isHere ? message : `${message} (${position.file}:${position.line})`;
  return hint === undefined ? text : `${text}\nhint: ${hint}`;
}

/** The same as clients of the daemon print it. */
export function printLint({ warnings, sources }: LintResult): string {
  const texts = warnings.map(({ ruleName, url, detail, location }) => {
    const source = sources[location.sourceIndex ?? 0];
    return `\nWARNING: ${ruleName} - ${url}\n${detail}\n${source === undefined ? "" : printSource(source, location)}`;
  });
  return texts.join("");
}

const rim = "--------------------\n";
/** Lines beside the one that is meant, as far as there are any. */
const context = 4;

function printSource({ filename, data }: LintSource, { ranges: [range] }: SourceLocation): string {
  if (range === undefined) return "";
  const lines = new TextDecoder().decode(Uint8Array.fromBase64(data)).split("\n");
  const meant = range.start.line;
  const [first, last] = widen(meant, lines.length);
  const shown = lines.slice(first - 1, last).map((text, index) => {
    const line = first + index;
    return ` ${String(line).padStart(3)} | ${line === meant ? ">>>" : "   "} ${stripControls(text)}\n`;
  });
  return `${filename}:${meant}\n${rim}${shown.join("")}${rim}`;
}

/** Takes lines from before and after in turn, as BuildKit does. */
function widen(line: number, count: number): readonly [first: number, last: number] {
  let [first, last] = [line, line];
  for (let added = 0; added < context; added++) {
    if (first > 1) {
      first--;
      added++;
    }
    if (last < count) {
      last++;
      added++;
    }
  }
  return [first, last];
}

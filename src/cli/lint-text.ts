import { type ExcerptStyle, openLines, plainStyle } from "../diagnostic/excerpt.ts";
import type { Finding } from "../lint/check-rules.ts";
import type { Severity } from "../lint/rule.ts";
import { formatError } from "./report.ts";
import { hasColorsOnOut, type Terminal } from "./terminal.ts";
import { openTerminalSize } from "./terminal-size.ts";
import type { Verdict } from "./verdict.ts";

const page = "https://github.com/luakit-build/luakit/blob/main/docs/lint.md";
const codes: Readonly<Record<Severity, string>> = { error: "1;31", warning: "1;33", info: "1;36" };

/** A script's findings, each with its lines, and what comes of them. */
export function formatVerdict({ script, error, findings }: Verdict, isFailed: boolean, terminal: Terminal): string {
  const hinted = new Set<string>();
  const linesOf = openLines();
  const styles = {
    error: { ...styleOf("error", terminal), linesOf },
    warning: { ...styleOf("warning", terminal), linesOf },
    info: { ...styleOf("info", terminal), linesOf },
  };
  const parts = findings.map((finding) => `${formatFinding(finding, hinted, styles[finding.severity])}\n`);
  const verdict = paint(`${isFailed ? "✗" : "✓"} ${script}`, isFailed ? "1;31" : "1;32", terminal);
  const failure = error === undefined ? [] : formatError(error, styles.error);
  return `${parts.join("\n")}${parts.length > 0 ? "\n" : ""}${[verdict, ...failure].join("\n")}\n`;
}

/** How much was found, and where it is explained. */
export function summarize(verdicts: readonly Verdict[], terminal: Terminal): string {
  const findings = verdicts.flatMap((verdict) => verdict.findings);
  if (findings.every(({ rule }) => rule === "script-warning")) return "";
  return `${styleOf("info", terminal).faint(`${countFindings(findings)}, explained at ${page}`)}\n`;
}

/** The same advice is given once. */
function formatFinding({ rule, severity, problem }: Finding, hinted: Set<string>, style: ExcerptStyle): string {
  const lines = formatError(problem, style);
  const [first = "", ...rest] = lines;
  const head = problem.position === undefined ? first.slice(style.accent("error:").length + 1) : first;
  const hint = problem.hint === undefined ? undefined : rest.at(-1);
  const isKnown = hint !== undefined && hinted.has(`${rule}:${hint}`);
  if (hint !== undefined) hinted.add(`${rule}:${hint}`);
  const shown = isKnown ? rest.slice(0, -1) : rest;
  return [`${style.accent(`${severity}:`)} ${head} ${style.faint(`[${rule}]`)}`, ...shown].join("\n");
}

function countFindings(findings: readonly Finding[]): string {
  const counts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    if (count === 0) return [];
    return severity === "info" ? `${count} info` : `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  return counts.join(", ");
}

function styleOf(severity: Severity, terminal: Terminal): ExcerptStyle {
  const columns = terminal.outIsTerminal() ? openTerminalSize(1)()?.columns : undefined;
  if (!hasColorsOnOut(terminal)) return { ...plainStyle, columns };
  return {
    accent: (text) => paint(text, codes[severity], terminal),
    faint: (text) => paint(text, "2", terminal),
    columns,
  };
}

function paint(text: string, code: string, terminal: Terminal): string {
  return hasColorsOnOut(terminal) ? `\u001b[${code}m${text}\u001b[0m` : text;
}

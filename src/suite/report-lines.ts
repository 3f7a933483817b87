import { type ExcerptStyle, plainStyle } from "../diagnostic/excerpt.ts";
import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { DifferenceLine } from "./difference.ts";
import { type ErrorData, fromErrorData } from "./message.ts";
import { titleOf } from "./run-tests.ts";
import { type FileResult, isFailed, type SuiteResult, type TestResult } from "./suite-result.ts";

/** How a report looks. */
export interface ReportStyle extends ExcerptStyle {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly strong: (text: string) => string;
}

/** Shows an error with its place, as the command line does. */
export type FormatError = (error: LuakitError, style: ExcerptStyle) => string[];

const same = (text: string) => text;
export const plainReport: ReportStyle = { ...plainStyle, good: same, bad: same, warn: same, strong: same };

const sgr = (code: string) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
export const colorReport: ReportStyle = {
  accent: sgr("1;31"),
  faint: sgr("2"),
  good: sgr("32"),
  bad: sgr("31"),
  warn: sgr("33"),
  strong: sgr("1"),
};

/** A file that is over: one line, and one for each test of it that did not pass. */
export function fileLines(file: FileResult, style: ReportStyle): string[] {
  const { tests, error } = file;
  const failed = tests.filter(({ outcome }) => outcome === "failed").length;
  const time = style.faint(formatTime(file.milliseconds));
  const mark = isFailed(file) ? style.bad("✗") : style.good("✓");
  const skipped = tests.filter(({ outcome }) => outcome === "skipped");
  const count = `${amount(tests.length, "test")}${failed > 0 ? `, ${failed} failed` : ""}${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`;
  const lines = [`${mark} ${file.name} (${count}) ${time}`];
  if (error !== undefined && failed === 0) lines.push(`  ${style.bad("✗")} ${firstLine(error.message)}`);
  for (const test of tests) lines.push(...testLines(test, style));
  lines.push(...file.printed.map((line) => style.faint(`  | ${harmless(line)}`)));
  return lines;
}

function testLines({ path, outcome, milliseconds, reason, printed }: TestResult, style: ReportStyle): string[] {
  const said = printed.map((line) => style.faint(`    | ${harmless(line)}`));
  const title = harmless(titleOf(path));
  if (outcome === "failed") return [`  ${style.bad("✗")} ${title} ${style.faint(formatTime(milliseconds))}`, ...said];
  if (outcome === "skipped") {
    return [
      `  ${style.warn("-")} ${title} ${style.warn(`(skipped${reason === undefined ? "" : `: ${reason}`})`)}`,
      ...said,
    ];
  }
  return said.length === 0 ? [] : [`  ${style.good("✓")} ${title}`, ...said];
}

/** What failed, in full. */
export function failureLines({ files }: SuiteResult, style: ReportStyle, format: FormatError): string[] {
  return files.flatMap((file) => {
    const broken = file.error === undefined ? [] : block(file.name, file.error, style, format);
    const failed = file.tests.flatMap((test) =>
      test.failures.flatMap((failure) => block(`${file.name} > ${titleOf(test.path)}`, failure, style, format)),
    );
    return [...broken, ...failed];
  });
}

function block(title: string, error: ErrorData, style: ReportStyle, format: FormatError): string[] {
  const difference = error.difference ?? [];
  const key = difference.length === 0 ? [] : [`  ${style.good("- expected")}  ${style.bad("+ actual")}`];
  const failure = fromErrorData(error);
  const lines = format(failure, style);
  const hint = lines.at(-1)?.startsWith("hint: ") === true ? lines.splice(-1) : [];
  return [
    "",
    `${style.bad("✗")} ${style.strong(harmless(title))}`,
    ...lines,
    ...key,
    ...differenceLines(difference, style),
    ...hint,
  ];
}

export function differenceLines(lines: readonly DifferenceLine[], style: ReportStyle): string[] {
  const paint = { "-": style.good, "+": style.bad, " ": same };
  return lines.map(({ sign, text }) => `  ${paint[sign](`${sign} ${harmless(text)}`)}`.trimEnd());
}

/** How many there were, and what should be known beside failures. */
export function summaryLines(result: SuiteResult, style: ReportStyle): string[] {
  const { files, milliseconds, unfinished } = result;
  const tests = files.flatMap((file) => file.tests);
  const count = (outcome: TestResult["outcome"]) => tests.filter((test) => test.outcome === outcome).length;
  const broken = files.filter(({ error }) => error !== undefined).length;
  const parts = [
    ...(count("failed") > 0 ? [style.bad(`${count("failed")} failed`)] : []),
    ...(broken > 0 ? [style.bad(`${amount(broken, "file")} broken`)] : []),
    style.good(`${count("passed")} passed`),
    ...(count("skipped") > 0 ? [style.warn(`${count("skipped")} skipped`)] : []),
  ];
  const needDaemon = tests.filter(({ reason }) => reason === "needs --solve").length;
  return [
    "",
    ...snapshotLines(files, style),
    ...(unfinished.length > 0 ? [style.warn(`not run: ${unfinished.join(", ")}`)] : []),
    ...(needDaemon > 0
      ? [
          style.warn(
            `! ${amount(needDaemon, "test")} skipped that ${needDaemon === 1 ? "needs" : "need"} a daemon: luakit test --solve`,
          ),
        ]
      : []),
    `${amount(tests.length, "test")} in ${amount(files.length, "file")}: ${parts.join(", ")} ${style.faint(formatTime(milliseconds))}`,
  ];
}

function snapshotLines(files: readonly FileResult[], style: ReportStyle): string[] {
  const total = (key: "added" | "updated" | "removed") => files.reduce((sum, { snapshots }) => sum + snapshots[key], 0);
  const words = (["added", "updated", "removed"] as const).flatMap((key) =>
    total(key) > 0 ? [`${total(key)} ${key === "added" ? "written" : key}`] : [],
  );
  const obsolete = files.flatMap(({ name, snapshots }) => snapshots.obsolete.map((each) => `  ${name}: ${each}`));
  return [
    ...(words.length > 0 ? [`snapshots: ${words.join(", ")}`] : []),
    ...(obsolete.length > 0
      ? [
          style.warn(
            `! ${amount(obsolete.length, "snapshot")} that no test asks for; --update removes ${obsolete.length === 1 ? "it" : "them"}:`,
          ),
          ...obsolete,
        ]
      : []),
  ];
}

function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

export function formatTime(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function firstLine(text: string): string {
  return harmless(text.split("\n")[0] ?? "");
}

/** What tests print must not drive a terminal. */
function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, "");
}

import { type ErrorData, fromErrorData } from "./message.ts";
import { differenceLines, type FormatError, plainReport } from "./report-lines.ts";
import type { FileResult, SuiteResult, TestResult } from "./suite-result.ts";

/** JUnit's XML, as CI servers read it: a suite for each file, a case for each test. */
export function junitReport({ files, milliseconds }: SuiteResult, format: FormatError): string {
  const total = (count: (file: FileResult) => number) => files.reduce((sum, file) => sum + count(file), 0);
  const head = attributes({
    name: "luakit test",
    tests: total(testsOf),
    failures: total(failuresOf),
    errors: total(errorsOf),
    skipped: total(skippedOf),
    time: seconds(milliseconds),
  });
  const suites = files.map((file) => suiteXml(file, format)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites}</testsuites>\n`;
}

const testsOf = ({ tests, error }: FileResult) => tests.length + (error === undefined ? 0 : 1);
const failuresOf = ({ tests }: FileResult) => tests.filter(({ outcome }) => outcome === "failed").length;
const errorsOf = ({ error }: FileResult) => (error === undefined ? 0 : 1);
const skippedOf = ({ tests }: FileResult) => tests.filter(({ outcome }) => outcome === "skipped").length;

function suiteXml(file: FileResult, format: FormatError): string {
  const head = attributes({
    name: file.name,
    tests: testsOf(file),
    failures: failuresOf(file),
    errors: errorsOf(file),
    skipped: skippedOf(file),
    time: seconds(file.milliseconds),
  });
  const cases = file.tests.map((test) => caseXml(file.name, test, format)).join("");
  return `  <testsuite${head}>\n${cases}${brokenXml(file, format)}  </testsuite>\n`;
}

function brokenXml({ name, error }: FileResult, format: FormatError): string {
  if (error === undefined) return "";
  const head = attributes({ name: "(the file itself)", classname: name, time: "0.000" });
  const why = `      <error${attributes({ message: error.message, type: error.code })}>${textOf(error, format)}</error>\n`;
  return `    <testcase${head}>\n${why}    </testcase>\n`;
}

function caseXml(file: string, test: TestResult, format: FormatError): string {
  const name = test.path.at(-1) ?? "";
  const classname = [file, ...test.path.slice(0, -1)].join(" > ");
  const head = attributes({ name, classname, time: seconds(test.milliseconds) });
  const parts = [
    ...test.failures.map((failure) => {
      const about = attributes({ message: failure.message, type: failure.code });
      return `      <failure${about}>${textOf(failure, format)}</failure>\n`;
    }),
    ...(test.outcome === "skipped"
      ? [`      <skipped${test.reason === undefined ? "" : attributes({ message: test.reason })}/>\n`]
      : []),
    ...(test.printed.length === 0 ? [] : [`      <system-out>${escapeXml(test.printed.join("\n"))}</system-out>\n`]),
  ];
  return parts.length === 0 ? `    <testcase${head}/>\n` : `    <testcase${head}>\n${parts.join("")}    </testcase>\n`;
}

function textOf(error: ErrorData, format: FormatError): string {
  const lines = [...format(fromErrorData(error), plainReport), ...differenceLines(error.difference ?? [], plainReport)];
  return escapeXml(lines.join("\n"));
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) => ` ${name}="${escapeXml(String(value)).replaceAll('"', "&quot;").replaceAll("\n", "&#10;")}"`,
    )
    .join("");
}

/** XML has no way to write most control characters, nor lone surrogates; the other ones are written by number. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\u007f-\u009f]|\p{Bidi_Control}/gu, (character) => `&#${character.codePointAt(0)};`);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** One test of a report. */
export interface ReportedTest {
  /** `file-copy.test.ts: copy mode > special bits`. */
  readonly name: string;
  /** As `bun test -t` matches it. */
  readonly fullName: string;
  /** A path from the working directory. */
  readonly file: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** What a failed test said. */
  readonly message: string;
}

/** Reads the tests of a report of `bun test --reporter=junit`. */
export function readReport(xml: string): readonly ReportedTest[] {
  return [...xml.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(([, attributes = "", body = ""]) => {
    const attribute = (key: string) => unescapeXml(new RegExp(`(?:^| )${key}="([^"]*)"`).exec(attributes)?.[1] ?? "");
    const [file, group, title] = [attribute("file"), attribute("classname"), attribute("name")];
    const groups = group === "" ? [] : group.split(" > ");
    return {
      name: `${file.replace(/^.*\//, "")}: ${[...groups, title].join(" > ")}`,
      fullName: [...groups, title].join(" "),
      file,
      outcome: /<(failure|error)/.test(body) ? "failed" : body.includes("<skipped") ? "skipped" : "passed",
      message: unescapeXml(body),
    };
  });
}

/** What `bun test` is told to run these tests, one after the other. */
export function argumentsFor(tests: readonly ReportedTest[]): readonly string[] {
  const files = [...new Set(tests.map(({ file }) => `./${file}`))];
  const names = tests.map(({ fullName }) => fullName.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return ["--max-concurrency=1", `--test-name-pattern=^ ?(${names.join("|")})$`, ...files];
}

function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (all, code?: string, name = "") =>
    code === undefined ? (named[name] ?? all) : String.fromCodePoint(Number(code)),
  );
}

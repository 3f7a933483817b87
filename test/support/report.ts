import { readTrace } from "../../src/progress/read-trace.ts";
import type { ReportData } from "../../src/report/report-data.ts";

/** What a page of `--report` has as its data. */
export function readReport(page: string): ReportData {
  const [, json] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
  if (json === undefined) throw new Error("the page has no data");
  return JSON.parse(json);
}

/** What a trace tells of a vertex; times are milliseconds since 1970. */
export interface Told {
  readonly name: string;
  readonly cached: boolean;
  readonly runs: ReadonlyMap<number, number | undefined>;
}

/** The vertices of a trace by their digests: for each beginning the end. */
export function readTold(file: string): ReadonlyMap<string, Told> {
  const told = new Map<string, { name: string; cached: boolean; runs: Map<number, number | undefined> }>();
  const milliseconds = ({ seconds, nanos }: { seconds: number; nanos: number }) => seconds * 1000 + nanos / 1e6;
  for (const { vertexes } of readTrace(file, file)) {
    for (const { digest, name, cached, started, completed } of vertexes) {
      const { runs } = told.get(digest) ?? { runs: new Map() };
      if (started !== undefined) runs.set(milliseconds(started), completed && milliseconds(completed));
      told.set(digest, { name, cached, runs });
    }
  }
  return told;
}

import type { VertexWarning } from "../gen/control.ts";
import { oneLine } from "../progress/harmless.ts";
import type { Excerpt } from "./definition-facts.ts";
import type { ReportWarning } from "./report-data.ts";

const context = 2;

/** Warnings, each once. */
export function readWarnings(
  warnings: readonly VertexWarning[],
  places: ReadonlyMap<string, number>,
  clean: (text: string) => string,
): readonly ReportWarning[] {
  const read = warnings.map((warning): ReportWarning => {
    const text = (bytes: Uint8Array) => clean(oneLine(new TextDecoder().decode(bytes)));
    return {
      title: text(warning.short),
      detail: warning.detail.map(text),
      url: oneLine(warning.url),
      excerpt: excerptOf(warning, clean),
      vertex: places.get(warning.vertex),
    };
  });
  const key = ({ title, url, excerpt }: ReportWarning) => `${title}\n${url}\n${excerpt?.file}\n${excerpt?.line}`;
  return [...new Map(read.map((warning) => [key(warning), warning])).values()];
}

function excerptOf({ info, ranges }: VertexWarning, clean: (text: string) => string): Excerpt | undefined {
  const line = ranges[0]?.start?.line ?? 0;
  if (info === undefined || line < 1) return undefined;
  const first = Math.max(1, line - context);
  const lines = new TextDecoder().decode(info.data).split("\n");
  return { file: oneLine(info.filename), line, first, text: lines.slice(first - 1, line + context).map(clean) };
}

import { diffLines } from "diff";
import { LuakitError } from "../diagnostic/luakit-error.ts";

/** One line of a comparison: only expected, only there, or both. */
export interface DifferenceLine {
  readonly sign: "-" | "+" | " ";
  readonly text: string;
}

/** What was expected and what there is, line by line; the cause of the error of an expectation. */
export class Difference {
  readonly lines: readonly DifferenceLine[];

  constructor(lines: readonly DifferenceLine[]) {
    this.lines = lines;
  }
}

/** Lines around a difference that are shown. */
const context = 3;
/** Larger texts are compared as if nothing were alike, which takes no time. */
const mostEdits = 2000;

/** The differences of two texts, with a few lines around each; what is far from any is left out. */
export function compareTexts(expected: string, actual: string): Difference {
  const changes = diffLines(ended(expected), ended(actual), { maxEditLength: mostEdits });
  const lines = (changes ?? wholes(expected, actual)).flatMap(({ added, removed, value }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): DifferenceLine => ({ sign: added ? "+" : removed ? "-" : " ", text })),
  );
  return new Difference(shorten(lines));
}

function wholes(expected: string, actual: string) {
  return [
    { removed: true, added: false, value: ended(expected) },
    { removed: false, added: true, value: ended(actual) },
  ];
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function shorten(lines: readonly DifferenceLine[]): DifferenceLine[] {
  const isNear = (at: number) =>
    lines.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== " ");
  const shown: DifferenceLine[] = [];
  let hidden: DifferenceLine[] = [];
  const closeGap = () => {
    // One line takes no more room than the mark.
    if (hidden.length > 1) shown.push({ sign: " ", text: "…" });
    else shown.push(...hidden);
    hidden = [];
  };
  for (const [at, line] of lines.entries()) {
    if (!isNear(at)) {
      hidden.push(line);
      continue;
    }
    closeGap();
    shown.push(line);
  }
  closeGap();
  return shown;
}

/** The error of an expectation that is not met. */
export function unmet(message: string, difference?: Difference, hint?: string): LuakitError {
  return new LuakitError("test.failed", message, { cause: difference, hint });
}

import type { Variables } from "./output.ts";
import { type Palette, parseColors } from "./palette.ts";

/** What a text says, which decides how it looks. */
export type Tone = "plain" | "faint" | "strong" | "live" | "run" | "done" | "cancel" | "error" | "warning";

/** The marks in front of rows: one column each. */
export interface Marks {
  readonly done: string;
  readonly error: string;
  readonly canceled: string;
  /** A part of a step that is being worked on. */
  readonly active: string;
  readonly log: string;
  readonly more: string;
  readonly running: readonly string[];
  readonly full: string;
  readonly half: string;
  readonly empty: string;
  readonly separator: string;
}

export interface Style {
  readonly marks: Marks;
  readonly ellipsis: string;
  paint(tone: Tone, text: string): string;
}

const drawn: Marks = {
  done: "✔",
  error: "✘",
  canceled: "■",
  active: "→",
  log: "│",
  more: "⋮",
  running: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
  full: "━",
  half: "╸",
  empty: "─",
  separator: "·",
};

const typed: Marks = {
  done: "+",
  error: "x",
  canceled: "!",
  active: ">",
  log: "|",
  more: ":",
  running: ["-", "\\", "|", "/"],
  full: "=",
  half: ">",
  empty: "-",
  separator: "-",
};

/** Looks as the terminal can: without colours where they are not wanted, in ASCII where the locale knows no more. */
export function chooseStyle(color: boolean, variables: Variables): Style {
  const palette = color && !variables.NO_COLOR ? parseColors(variables.BUILDKIT_COLORS ?? "") : undefined;
  const unicode = knowsUnicode(variables);
  return {
    marks: unicode ? drawn : typed,
    ellipsis: unicode ? "…" : "~",
    paint: palette === undefined ? (_, text) => text : (tone, text) => paint(palette, tone, text),
  };
}

function paint(palette: Palette, tone: Tone, text: string): string {
  const code = palette[tone];
  return code === "" || text === "" ? text : `\u001b[${code}m${text}\u001b[0m`;
}

/** Terminals are taken for UTF-8, except where the locale says otherwise and on the Linux console. */
function knowsUnicode({ LC_ALL, LC_CTYPE, LANG, TERM }: Variables): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  return TERM !== "linux" && (locale === "" || /utf-?8/i.test(locale));
}

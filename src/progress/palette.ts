import type { Tone } from "./style.ts";

/** The parameters of the escape sequence (SGR) for each tone; empty for none. */
export type Palette = Readonly<Record<Tone, string>>;

const standard: Palette = {
  plain: "",
  faint: "2",
  strong: "1",
  live: "36",
  run: "",
  done: "32",
  cancel: "33",
  error: "31",
  warning: "33",
};

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** BUILDKIT_COLORS, such as `run=green:error=255,80,0`: colours for `run`, `cancel`, `error` and `warning`. */
export function parseColors(text: string): Palette {
  const palette: Record<Tone, string> = { ...standard };
  for (const entry of text.split(":")) {
    const [key = "", value = "", ...more] = entry.toLowerCase().split("=");
    const code = parseColor(value.replaceAll('"', ""));
    if (
      code === undefined ||
      more.length > 0 ||
      !(key === "run" || key === "cancel" || key === "error" || key === "warning")
    )
      continue;
    palette[key] = code;
    if (key === "run") palette.done = code;
  }
  return palette;
}

function parseColor(value: string): string | undefined {
  if (value === "default") return "39";
  const light = value.startsWith("light-");
  const name = names.indexOf(light ? value.slice("light-".length) : value);
  if (name >= 0) return String((light ? 90 : 30) + name);
  const parts = value.split(",").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length !== 3 || parts.some((part) => part > 255)) return undefined;
  return `38;5;${parts.reduce((code, part) => code * 6 + Math.round(part / 51), 0) + 16}`;
}

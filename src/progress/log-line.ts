import { keepColors, stripControls } from "./harmless.ts";

/** What a terminal would show at the end of a line: carriage returns and backspaces done, nothing left that drives it. */
export function settleLine(line: string, colors: "keep" | "strip" = "strip"): string {
  const clean = colors === "keep" ? keepColors : stripControls;
  return clean(rubOut(line.includes("\r") ? returnCarriage(line) : line));
}

/** Each part after a carriage return is written over what stood there. */
function returnCarriage(line: string): string {
  const parts = line.split("\r").filter((part) => part !== "");
  // Escape sequences have no width, so such parts are taken whole instead of laid over each other.
  if (line.includes("\u001b")) return parts.at(-1) ?? "";
  return parts.reduce((shown, part) => part + shown.slice(part.length), "");
}

function rubOut(line: string): string {
  if (!line.includes("\b")) return line;
  const shown: string[] = [];
  for (const character of line) {
    if (character === "\b") shown.pop();
    else shown.push(character);
  }
  return shown.join("");
}

/** A line without tabs: up to the next multiple of eight columns there are spaces. */
export function expandTabs(line: string): string {
  if (!line.includes("\t")) return line;
  return line.split("\t").reduce((text, part, index) => {
    return index === 0 ? part : text + " ".repeat(8 - (Bun.stringWidth(text) % 8)) + part;
  }, "");
}

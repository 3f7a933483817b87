import { oneLine } from "../progress/harmless.ts";
import type { TargetList } from "./list-targets.ts";
import type { Outline, OutlineArgument, OutlineNeed } from "./outline.ts";

/** An outline as the clients of a daemon print it, with what is said of an argument beside its description. */
export function printOutline({ name, description, args = [], secrets = [], ssh = [], cache = [] }: Outline): string {
  const target = [
    ["TARGET:", name ?? "(default)"],
    ...(description === undefined ? [] : [["DESCRIPTION:", description]]),
  ];
  const tables = [
    name === undefined && description === undefined ? "" : alignCells(target, 1),
    table(["BUILD ARG", "VALUE", "DESCRIPTION"], args.map(argumentCells)),
    table(["SECRET", "REQUIRED"], secrets.map(needCells)),
    table(["SSH", "REQUIRED"], ssh.map(needCells)),
    table(
      ["CACHE MOUNT"],
      cache.map(({ ID }) => [ID]),
    ),
  ];
  return tables.flatMap((text) => (text === "" ? [] : [`${text}\n`])).join("");
}

/** A list of targets as the clients of a daemon print it. */
export function printTargets({ targets }: TargetList): string {
  const rows = targets.map(({ name, default: isDefault, description = "" }) => {
    const mark = isDefault === true ? "(default)" : "";
    return [[name, mark].filter(Boolean).join(" "), description];
  });
  return alignCells([["TARGET", "DESCRIPTION"], ...rows], 1);
}

function argumentCells({ name, value = "", description = "", required, values }: OutlineArgument): string[] {
  const choice = values === undefined ? "" : `(one of ${values.join(", ")})`;
  const need = required === true ? "(required)" : "";
  return [name, value, [description, choice, need].filter(Boolean).join(" ")];
}

function needCells({ name, required }: OutlineNeed): string[] {
  return [name, required === true ? "true" : ""];
}

function table(titles: string[], rows: readonly string[][]): string {
  return rows.length === 0 ? "" : alignCells([titles, ...rows], 3);
}

/** Lines of cells that start at the same columns; what scripts say is on one line and drives no terminal. */
export function alignCells(rows: readonly (readonly string[])[], gap: number): string {
  const lines = rows.map((cells) => cells.map(oneLine));
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((cells) => Bun.stringWidth(cells[column] ?? ""))),
  );
  const pad = (cell: string, column: number) =>
    cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - Bun.stringWidth(cell)) + gap);
  return lines.map((cells) => `${cells.map(pad).join("").trimEnd()}\n`).join("");
}

import { escapeControls } from "../escape.ts";
import type { GraphVertex } from "../graph.ts";

/** What a box says: a short name, and in a smaller line what it is and where it comes from. */
export interface Label {
  readonly name: string;
  readonly note: string;
}

const longestName = 34;
const longestNote = 44;

const sources: readonly (readonly [RegExp, string])[] = [
  [/^docker-image:\/\/(?:docker\.io\/(?:library\/)?)?/, "image"],
  [/^oci-layout:\/\//, "layout"],
  [/^local:\/\//, "local"],
  [/^git:\/\//, "git"],
  [/^https?:\/\//, "http"],
  [/^docker-image\+blob:\/\//, "blob"],
  [/^oci-layout\+blob:\/\//, "blob"],
];

/** The label of a vertex, on two short lines. */
export function labelOf(vertex: GraphVertex): Label {
  const { kind, locations, metadata } = vertex;
  const { name, type } = shortName(vertex);
  const [made] = locations;
  const place = made === undefined ? undefined : `${made.file}:${made.line}`;
  const notes = [type ?? kind, metadata.progressGroup, place].filter((part) => part !== undefined);
  return {
    name: cutText(escapeControls(name) || kind, longestName),
    note: cutText(escapeControls(notes.join(" · ")), longestNote),
  };
}

function shortName({ kind, name }: GraphVertex): { readonly name: string; readonly type?: string } {
  if (kind === "Exec") return { name: name.replace(/^\/bin\/(?:ba)?sh -c /, "") };
  if (kind !== "Source") return { name };
  for (const [prefix, type] of sources) {
    if (!prefix.test(name)) continue;
    const rest = name.replace(prefix, "").replace(/@(sha256:[0-9a-f]{7})[0-9a-f]*$/, "@$1");
    return { name: type === "http" ? lastPart(rest) : rest, type };
  }
  return { name };
}

function lastPart(path: string): string {
  return /([^/]+)\/*$/.exec(path.replace(/[?#].*$/, ""))?.[1] ?? path;
}

/** `text`, or as much of it as takes `longest` columns, with a mark at the end. */
export function cutText(text: string, longest: number): string {
  if (textColumns(text) <= longest) return text;
  let columns = 1;
  let kept = "";
  for (const character of text) {
    columns += textColumns(character);
    if (columns > longest) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Columns of a fixed-width type: two for each wide character. */
export function textColumns(text: string): number {
  return Bun.stringWidth(text);
}

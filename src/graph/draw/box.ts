import { escapeMarkup } from "../../page/escape-markup.ts";
import { escapeControls } from "../escape.ts";
import type { GraphResult, GraphVertex } from "../graph.ts";
import type { Size } from "../layout/lay-out.ts";
import { cutText, labelOf, textColumns } from "./label.ts";
import { looks } from "./look.ts";

/** A box and what is in it, as SVG elements from 0,0 on. */
export interface VertexBox extends Size {
  readonly markup: string;
  readonly title: string;
}

const height = 46;
const left = 38;
const right = 16;
const narrowest = 120;
const nameColumn = 7.25;
const noteColumn = 5.6;
const tagColumn = 6.7;

/** The box of a vertex; a tag says which platform or target it belongs to. */
export function boxOf(vertex: GraphVertex, tag: string | undefined): VertexBox {
  const { name, note } = labelOf(vertex);
  const { outline, sign } = looks[vertex.kind];
  const tagWidth = tag === undefined ? 0 : Math.round(textColumns(tag) * tagColumn + 12);
  const text = Math.max(textColumns(name) * nameColumn, textColumns(note) * noteColumn + (tagWidth && tagWidth + 8));
  const width = Math.max(narrowest, 2 * Math.ceil((left + text + right) / 2));
  const parts = [
    `<path class="box" d="${outline(width, height)}"/>`,
    `<path class="sign" transform="translate(14 15)" d="${sign}"/>`,
    `<text class="name" x="${left}" y="20">${escapeMarkup(name)}</text>`,
    `<text class="note" x="${left}" y="35.5">${escapeMarkup(note)}</text>`,
  ];
  if (tag !== undefined) {
    const start = width - right - tagWidth + 4;
    parts.push(
      `<rect class="tagbox" x="${start}" y="26" width="${tagWidth}" height="13" rx="3"/>`,
      `<text class="tag" x="${start + tagWidth / 2}" y="36" text-anchor="middle">${escapeMarkup(tag)}</text>`,
    );
  }
  return { width, height, markup: parts.join(""), title: name };
}

/** The box of a result: dark, with its name. */
export function resultBox({ name, inputs }: GraphResult): VertexBox {
  const scratch = inputs.length === 0 ? ": scratch" : "";
  const title = escapeControls(`result${name === undefined ? "" : ` ${name}`}${scratch}`);
  const shown = cutText(escapeControls(`${name ?? "result"}${scratch}`), 40);
  const width = Math.max(96, 2 * Math.ceil((left + textColumns(shown) * 8.4 + 18) / 2));
  const markup = [
    `<path class="box" d="${looks.Source.outline(width, 32)}"/>`,
    `<path class="sign" transform="translate(14 8)" d="M3.5 14.5V2h9l-2 3 2 3h-9"/>`,
    `<text class="name" x="${left - 2}" y="20.5">${escapeMarkup(shown)}</text>`,
  ];
  return { width, height: 32, markup: markup.join(""), title };
}

import { escapeMarkup } from "../../page/escape-markup.ts";
import { renderPage } from "../../page/render-page.ts";
import { drawGraph } from "../draw/draw-graph.ts";
import { pageStyle } from "../draw/graph-style.ts";
import { countKinds, summaryOf } from "../draw/legend.ts";
import { looks } from "../draw/look.ts";
import type { Graph } from "../graph.ts";
import { marksOf, type Timings } from "../timings.ts";
import browseScript from "./browse.browser.js" with { type: "text" };
import graphPageStyle from "./graph-page.css" with { type: "text" };
import keysScript from "./keys.browser.js" with { type: "text" };
import linksScript from "./links.browser.js" with { type: "text" };
import listScript from "./list.browser.js" with { type: "text" };
import mapScript from "./map.browser.js" with { type: "text" };
import { pageData } from "./page-data.ts";
import panelScript from "./panel.browser.js" with { type: "text" };
import viewScript from "./view.browser.js" with { type: "text" };

export interface PrintPageOptions {
  /** What the graph is of: the name of a script. */
  readonly title: string;
  readonly timings?: Timings | undefined;
}

/** A graph as one HTML file to look around in. */
export function printPage(graph: Graph, { title, timings }: PrintPageOptions): string {
  const drawing = drawGraph(graph, { marks: timings && marksOf(timings), path: timings?.critical, tips: "name" });
  const svg = `<svg id="drawing" class="dag" data-width="${drawing.width}" data-height="${drawing.height}" role="group" aria-label="Graph"><g id="world"><g class="edges"></g><g class="vertices"></g></g></svg>`;
  // What is in a template costs a browser next to nothing until the script takes it out.
  const parts = `<template id="parts"><svg>\n${drawing.markup}</svg></template>\n`;
  return renderPage({
    title: `${title} · graph`,
    tools: toolsMarkup(graph),
    body: `${bodyMarkup(graph, svg)}${parts}`,
    style: `${pageStyle()}${graphPageStyle}`,
    script: [linksScript, viewScript, mapScript, panelScript, listScript, browseScript, keysScript].join("\n"),
    data: { title, summary: summaryOf(graph), ...pageData(graph, timings) },
  });
}

function toolsMarkup(graph: Graph): string {
  const named = graph.results.filter(({ name }) => name !== undefined);
  const platforms = [...new Set(graph.vertices.flatMap(({ platform }) => platform ?? []))].sort();
  const options = [
    ...graph.results.flatMap(({ name }, at) => (name === undefined ? [] : [option(`r${at}`, name)])),
    ...(platforms.length < 2 ? [] : platforms.map((name) => option(`p${name}`, `vertices for ${name}`))),
  ];
  const choice = `<select id="part" aria-label="Show only">${option("", named.length > 0 ? "All results" : "All platforms")}${options.join("")}</select>`;
  return `<p class="summary muted">${escapeMarkup(summaryOf(graph).replace(/ \(.*?\)/, ""))}</p>
<div class="search" role="search"><input type="search" id="query" placeholder="Search  ( / )" aria-label="Search names, options, digests" autocomplete="off" spellcheck="false"><output id="hits" for="query"></output><button type="button" id="previous" aria-label="Previous match" disabled>↑</button><button type="button" id="next" aria-label="Next match" disabled>↓</button></div>
${options.length === 0 ? "" : choice}
<div class="switch" role="group" aria-label="View"><button type="button" id="show-graph" aria-pressed="true">Graph</button><button type="button" id="show-list" aria-pressed="false">List</button></div>
<button type="button" id="about" aria-label="About this graph">About</button>
<button type="button" id="help-button" aria-label="Keys" title="Keys (?)">?</button>`;
}

function option(value: string, text: string): string {
  return `<option value="${escapeMarkup(value)}">${escapeMarkup(text)}</option>`;
}

function bodyMarkup(graph: Graph, svg: string): string {
  const chips = [...countKinds(graph)].map(([kind, count]) => {
    const { name, outline, sign } = looks[kind];
    const icon = `<svg class="dag" width="30" height="20" aria-hidden="true"><g class="${name}"><path class="box" transform="translate(1 1)" d="${outline(28, 18)}"/><path class="sign" transform="translate(${kind === "File" ? 5 : 9} 4) scale(0.75)" d="${sign}"/></g></svg>`;
    return `<button type="button" class="chip" data-kind="${kind}" aria-pressed="true">${icon}${kind} <span class="count">${count}</span></button>`;
  });
  return `<div class="kinds" role="group" aria-label="Kinds">${chips.join("")}</div>
<main>
<section id="stage" tabindex="0" aria-label="Graph. The list has the same vertices as text."><canvas id="map" hidden></canvas>${svg}
<div class="zoom"><button type="button" id="zoom-in" aria-label="Zoom in" title="Zoom in (+)">+</button><button type="button" id="zoom-out" aria-label="Zoom out" title="Zoom out (-)">−</button><button type="button" id="fit" aria-label="Show all" title="Show all (0)">⤢</button><output id="scale" class="muted"></output></div>
</section>
<section id="list" aria-label="List of vertices" hidden></section>
<aside id="panel" aria-label="Details" aria-live="polite"></aside>
</main>
<dialog id="help" aria-label="Keys"></dialog>
`;
}

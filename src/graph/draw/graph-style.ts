import { looks, type Shade } from "./look.ts";

const text: Shade = ["#1b2027", "#e6e9ee"];
const muted: Shade = ["#59626f", "#a3adba"];
const edge: Shade = ["#8791a0", "#657183"];
const ground: Shade = ["#ffffff", "#12161b"];
const good: Shade = ["#12753d", "#5fd08f"];
const bad: Shade = ["#b3261e", "#ff8a80"];
const hot: Shade = ["#d4380d", "#ff7a45"];

export const sansFont = `system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif`;
export const monoFont = `ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace`;

/** CSS of what drawGraph draws, for an SVG file of its own: light, and dark where the reader's system is. */
export function fileStyle(): string {
  const dark = rules(([, shade]) => shade);
  return `${shapes}${rules(([shade]) => shade)}@media (prefers-color-scheme: dark) {\n${dark}}\n`;
}

/** The same for a page whose `color-scheme` says which colours it has. */
export function pageStyle(): string {
  return `${shapes}${rules(([light, dark]) => `light-dark(${light}, ${dark})`)}`;
}

const shapes = `.dag { font-family: ${sansFont}; }
.dag .name { font: 12px ${monoFont}; }
.dag .note, .dag .role { font-size: 10.5px; }
.dag .tag, .dag .mark text { font-size: 9.5px; font-weight: 600; }
.dag .result .name { font: 600 13px ${sansFont}; }
.dag .box { stroke-width: 1.25; stroke-linejoin: round; }
.dag .sign { fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.dag .line { fill: none; stroke-width: 1.4; }
.dag .base .line { stroke-width: 2; }
.dag .mount .line { stroke-dasharray: 6 4; }
.dag .copy .line { stroke-dasharray: 2 3; }
.dag .indirect .line { stroke-dasharray: 9 3 2 3; }
.dag .long .line { stroke-width: 1; stroke-dasharray: none; }
.dag .passthrough .box, .dag .unknown .box { stroke-dasharray: 4 2; }
`;

function rules(pick: (shade: Shade) => string): string {
  const kinds = Object.values(looks).map(
    ({ name, fill, line }) =>
      `.dag .${name} .box { fill: ${pick(fill)}; stroke: ${pick(line)}; }\n` +
      `.dag .${name} .sign, .dag .${name} .edging { stroke: ${pick(line)}; }\n`,
  );
  return `.dag .ground { fill: ${pick(ground)}; }
.dag .name, .dag .title { fill: ${pick(text)}; }
.dag .note, .dag .role { fill: ${pick(muted)}; }
.dag .line { stroke: ${pick(edge)}; }
.dag .head { fill: ${pick(edge)}; }
.dag .tag { fill: ${pick(muted)}; }
.dag .tagbox { fill: ${pick(ground)}; stroke: ${pick(edge)}; stroke-width: 0.75; }
.dag .result .box { fill: ${pick(text)}; stroke: ${pick(text)}; }
.dag .result .name { fill: ${pick(ground)}; }
.dag .result .sign { stroke: ${pick(ground)}; }
.dag .mark rect { fill: ${pick(ground)}; stroke: ${pick(muted)}; }
.dag .mark text { fill: ${pick(text)}; }
.dag .mark.good rect { stroke: ${pick(good)}; }
.dag .mark.good text { fill: ${pick(good)}; }
.dag .mark.bad rect { stroke: ${pick(bad)}; }
.dag .mark.bad text { fill: ${pick(bad)}; }
.dag .share { fill: ${pick(hot)}; }
${kinds.join("")}.dag .critical > .box { stroke: ${pick(hot)}; stroke-width: 2.5; }
.dag .critical > .line { stroke: ${pick(hot)}; stroke-width: 3; }
.dag .critical > .head { fill: ${pick(hot)}; }
`;
}

import type { VertexKind } from "../graph.ts";

/** A colour on a light ground and on a dark one. */
export type Shade = readonly [light: string, dark: string];

/** How a kind is drawn: its colours, its outline and its sign, so that it is known without colours too. */
export interface Look {
  /** Class of the vertex's group. */
  readonly name: string;
  readonly fill: Shade;
  readonly line: Shade;
  /** The border of a box of that size, with its top left corner at 0,0, as an SVG path. */
  readonly outline: (width: number, height: number) => string;
  /** Strokes in a square of 16 by 16. */
  readonly sign: string;
}

const grey = { fill: ["#eef0f3", "#242a33"], line: ["#6b7480", "#9aa5b4"] } as const;

export const looks: Readonly<Record<VertexKind, Look>> = {
  Source: {
    name: "source",
    fill: ["#e8f1ff", "#142443"],
    line: ["#2f6bd0", "#74a8ff"],
    outline: (width, height) => round(width, height, height / 2),
    sign: "M8 2v7.5M4.5 6.5 8 10l3.5-3.5M2.5 10.5v3h11v-3",
  },
  Exec: {
    name: "exec",
    fill: ["#fff4da", "#35280c"],
    line: ["#a86d00", "#e3ad42"],
    outline: (width, height) => round(width, height, 5),
    sign: "M3 4l4 4-4 4M8.5 12.5H14",
  },
  File: {
    name: "file",
    fill: ["#e4f7e8", "#11301d"],
    line: ["#23804a", "#5cc682"],
    outline: (width, height) => `M0 0H${width - 11}L${width} 11V${height}H0ZM${width - 11} 0V11H${width}`,
    sign: "M4 1.5h5.5L13 5v9.5H4ZM9.5 1.5V5H13M6 8.5h5M6 11.5h5",
  },
  Merge: {
    name: "merge",
    fill: ["#f1ebfe", "#271e49"],
    line: ["#724bcb", "#ab91fb"],
    outline: (width, height) => `M9 0H${width - 9}L${width} ${height / 2}L${width - 9} ${height}H9L0 ${height / 2}Z`,
    sign: "M3.5 2v2.5c0 2.5 4.5 2 4.5 5V14M12.5 2v2.5c0 2.5-4.5 2-4.5 5",
  },
  Diff: {
    name: "diff",
    fill: ["#fdeaf2", "#3d182b"],
    line: ["#b93a76", "#f287b8"],
    outline: (width, height) => `M9 0H${width}L${width - 9} ${height}H0Z`,
    sign: "M8 2v7M4.5 5.5h7M4.5 13h7",
  },
  Build: {
    name: "build",
    fill: ["#e2f5f8", "#0d3037"],
    line: ["#137787", "#56c7d7"],
    outline: (width, height) => `${round(width, height, 3)}M3 3H${width - 3}V${height - 3}H3Z`,
    sign: "M2 2h12v12H2ZM5 5h6v6H5Z",
  },
  Passthrough: {
    name: "passthrough",
    ...grey,
    outline: (width, height) => round(width, height, height / 3),
    sign: "M2 8h11M9.5 4.5 13 8l-3.5 3.5",
  },
  Unknown: {
    name: "unknown",
    ...grey,
    outline: (width, height) =>
      `M10 0H${width - 10}L${width} 10V${height - 10}L${width - 10} ${height}H10L0 ${height - 10}V10Z`,
    sign: "M5 5.5C5 1 11 1.5 11 5c0 2.5-3 2.5-3 5M8 13v.5",
  },
};

function round(width: number, height: number, radius: number): string {
  const corner = (x: number, y: number) => `a${radius} ${radius} 0 0 1 ${x} ${y}`;
  const across = width - 2 * radius;
  const down = height - 2 * radius;
  const sides = [`h${across}`, corner(radius, radius), `v${down}`, corner(-radius, radius), `h${-across}`];
  return `M${radius} 0${sides.join("")}${corner(-radius, -radius)}v${-down}${corner(radius, -radius)}Z`;
}

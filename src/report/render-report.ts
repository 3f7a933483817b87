import { pageStyle } from "../graph/draw/graph-style.ts";
import viewScript from "../graph/page/view.browser.js" with { type: "text" };
import { renderPage } from "../page/render-page.ts";
import ansiScript from "./page/ansi.browser.js" with { type: "text" };
import ansiStyle from "./page/ansi.css" with { type: "text" };
import { bodyWith, tools } from "./page/body.ts";
import domScript from "./page/dom.browser.js" with { type: "text" };
import graphScript from "./page/graph.browser.js" with { type: "text" };
import graphStyle from "./page/graph.css" with { type: "text" };
import headScript from "./page/head.browser.js" with { type: "text" };
import headStyle from "./page/head.css" with { type: "text" };
import listsStyle from "./page/lists.css" with { type: "text" };
import logsScript from "./page/logs.browser.js" with { type: "text" };
import logsStyle from "./page/logs.css" with { type: "text" };
import mainScript from "./page/main.browser.js" with { type: "text" };
import narrowStyle from "./page/narrow.css" with { type: "text" };
import overviewScript from "./page/overview.browser.js" with { type: "text" };
import reportStyle from "./page/report.css" with { type: "text" };
import rowsScript from "./page/rows.browser.js" with { type: "text" };
import stepScript from "./page/step.browser.js" with { type: "text" };
import stepStyle from "./page/step.css" with { type: "text" };
import tablesScript from "./page/tables.browser.js" with { type: "text" };
import timelineScript from "./page/timeline.browser.js" with { type: "text" };
import timelineStyle from "./page/timeline.css" with { type: "text" };
import inputScript from "./page/timeline-input.browser.js" with { type: "text" };
import type { ReportData } from "./report-data.ts";
import { drawReportGraph } from "./report-graph.ts";

/** How drawings are moved about, for all pages that have one; its own names stay its own. */
const moveScript = `const { moveAbout, listenToGestures } = (() => {\n${viewScript}\nreturn { moveAbout, listenToGestures };\n})();`;

const scripts = [
  moveScript,
  domScript,
  ansiScript,
  logsScript,
  headScript,
  tablesScript,
  stepScript,
  rowsScript,
  timelineScript,
  inputScript,
  overviewScript,
  graphScript,
  mainScript,
];

/** Those for other widths are last: they say otherwise what the others have said. */
const styles = [
  reportStyle,
  headStyle,
  timelineStyle,
  listsStyle,
  logsStyle,
  ansiStyle,
  stepStyle,
  graphStyle,
  narrowStyle,
];

/** The report as one HTML file. */
export function renderReport(data: ReportData): string {
  const words = { done: "built", failed: "failed", canceled: "interrupted" } as const;
  return renderPage({
    title: `${data.title} · ${words[data.result]}`,
    tools,
    body: bodyWith(drawReportGraph(data)),
    style: pageStyle() + styles.join(""),
    script: scripts.join("\n"),
    data,
  });
}

import type { ReportGraph } from "../report-graph.ts";

const option = (value: string, text: string) => `<option value="${value}">${text}</option>`;

/** The links of the page's bar. */
export const tools = `<nav aria-label="Parts of the page">
<a href="#timeline">Timeline</a><a href="#slow">Slowest</a><a href="#graph">Graph</a><a href="#transfers">Transfers</a><a href="#logs">Logs</a>
</nav>`;

const graphCard = ({ markup, width, height, drawn, all }: ReportGraph) => `<section class="card" id="graph">
<header><h2>Graph</h2><span class="muted">${drawn === all ? "what was made of what" : `the ${drawn} steps of ${all} that took longest`}</span>
<div class="tools">
<select id="graph-color" aria-label="Colours of the graph">${option("time", "Colours: time")}${option("kind", "Colours: kind")}</select>
<button type="button" id="graph-out" aria-label="Zoom out">−</button><button type="button" id="graph-in" aria-label="Zoom in">+</button><button type="button" id="graph-fit">Fit</button><button type="button" id="graph-full" aria-pressed="false">Full window</button>
</div></header>
<div id="graph-stage" tabindex="0" role="group" aria-label="Graph">
<svg id="graph-drawing" class="dag heat" data-width="${width}" data-height="${height}" role="group" aria-label="Steps"><g id="graph-world">
${markup}</g></svg></div>
</section>`;

/** The page's parts, which its script fills. */
export const bodyWith = (graph: ReportGraph | undefined) => `<main>
<noscript><p class="card">This report needs JavaScript, its own only.</p></noscript>
<section class="card head" aria-label="Result">
<div id="verdict"></div>
<dl id="tiles"></dl>
<dl id="facts"></dl>
</section>
<section class="card" id="error" aria-label="Error" hidden></section>
<section class="card" id="warnings" hidden><header><h2>Warnings</h2></header><ul id="warning-list"></ul></section>
<section class="card" id="timeline">
<header><h2>Timeline</h2><span class="muted" id="row-count"></span>
<div class="tools">
<input type="search" id="row-search" placeholder="Find a step" aria-label="Find a step" autocomplete="off" spellcheck="false">
<select id="row-filter" aria-label="Which steps">
${option("all", "All steps")}${option("ran", "Those that ran")}${option("cached", "From the cache")}${option("failed", "Failed or stopped")}${option("waited", "Those that waited")}${option("moved", "Those that moved bytes")}${option("path", "The critical path")}
</select>
<select id="row-order" aria-label="Order">${option("start", "By start")}${option("time", "By time")}</select>
<button type="button" id="zoom-out" aria-label="Zoom out">−</button>
<button type="button" id="zoom-in" aria-label="Zoom in">+</button>
<button type="button" id="zoom-all">All</button>
</div></header>
<canvas id="overview" role="img" aria-label="All steps in time; drag to choose what the timeline shows"></canvas>
<div id="rows" role="listbox" tabindex="0" aria-label="Steps in time">
<div id="axis-row" aria-hidden="true"><span id="axis-label">Step</span><div id="axis"></div></div>
<div id="row-list" role="presentation"><div id="grid" aria-hidden="true"></div><div id="row-items" role="presentation"></div></div>
<p id="no-rows" class="muted" hidden>No step is like that.</p>
</div>
<p class="legend" aria-hidden="true"><span><i class="done"></i>ran</span><span><i class="cached"></i>from the cache</span><span><i class="failed"></i>failed</span><span><i class="moved"></i>moved bytes</span><span><i class="wait"></i>waited for its turn</span><span><i class="critical"></i>critical path</span></p>
<p class="help"><kbd>t</kbd> the timeline, then <kbd>↑</kbd> <kbd>↓</kbd> steps, <kbd>Enter</kbd> details, <kbd>←</kbd> <kbd>→</kbd> move in time, <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom; <kbd>/</kbd> find a step, <kbd>l</kbd> search the logs. With the mouse: drag, <kbd>Ctrl</kbd> and wheel.</p>
</section>
<div class="pair">
<section class="card" id="slow"><header><h2>Slowest steps</h2></header><ol class="ranking" id="slowest"></ol></section>
<section class="card" id="critical"><header><h2>Critical path</h2><span class="muted">what the build's time is made of</span></header><ol class="ranking" id="path"></ol></section>
</div>
${graph === undefined ? "" : graphCard(graph)}
<section class="card" id="transfers"><header><h2>Transfers</h2></header>
<p class="muted" id="no-transfers" hidden>Nothing was moved.</p>
<div class="scroller"><table id="transfer-table"></table></div></section>
<section class="card" id="logs"><header><h2>Logs</h2><span class="muted" id="log-count" role="status"></span>
<div class="tools" id="log-tools"><input type="search" id="log-search" placeholder="Search all logs" aria-label="Search all logs" autocomplete="off" spellcheck="false"></div></header>
<p class="muted" id="no-logs" hidden>No step wrote anything.</p>
<div id="log-list"></div><div id="log-matches" hidden></div></section>
</main>
<aside id="step" aria-label="Step" hidden><button type="button" id="step-close">Close <kbd>Esc</kbd></button><div id="step-content"></div></aside>
<div id="tip" role="tooltip" hidden></div>`;

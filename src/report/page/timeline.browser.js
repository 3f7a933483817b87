// The timeline: rows that are drawn where they are seen, an axis, zoom and pan.
const timeline = {
  rows: [],
  active: 0,
  box: find("rows"),
  list: find("row-list"),
  items: find("row-items"),
  height: 28,
  labels: 0,
  width: 0,
};
const endColumn = 64;
const shortest = 0.5;

const measure = () => {
  const style = getComputedStyle(timeline.box);
  timeline.height = Number.parseFloat(style.getPropertyValue("--row"));
  timeline.labels = find("axis-label").getBoundingClientRect().width;
  timeline.width = Math.max(50, timeline.box.clientWidth - timeline.labels - endColumn);
};

const toX = (time) => ((time - view.from) / (view.to - view.from)) * timeline.width;
const toTime = (x) => view.from + (x / timeline.width) * (view.to - view.from);

/** An element between two times; undefined when none of it is in view. */
const span = (kind, start, end) => {
  const from = toX(start);
  const to = Math.max(toX(end), from + 2);
  if (to < 0 || from > timeline.width) return undefined;
  const element = h("span", { class: kind });
  element.style.left = `${Math.max(-4, from)}px`;
  element.style.width = `${Math.min(timeline.width + 4, to) - Math.max(-4, from)}px`;
  return element;
};

const vertexSpans = (vertex, place) => [
  vertex.wait === undefined ? undefined : span("wait", vertex.wait.from, vertex.wait.to),
  ...vertex.intervals.map(([start, end]) =>
    span(`bar ${vertex.state}${onPath.has(place) ? " critical" : ""}`, start, end),
  ),
  ...vertex.transfers.map(({ start, end, kind }) => span(`moved ${kind}`, start, end)),
];

const rowName = (row) => {
  if (row.kind === "section") return `${row.name}: ${plural(row.places.length, "step")}`;
  if (row.kind === "group") return `${row.name}, group of ${row.places.length}, ${formatTime(row.time)}`;
  const { name, state, time, wait, transfers } = vertices[row.place];
  const waited = wait === undefined ? "" : `, waited ${formatTime(wait.to - wait.from)}`;
  const moved = transfers.length === 0 ? "" : `, moved ${formatBytes(bytesOf(vertices[row.place]))}`;
  return `${name}, ${stateWords[state]}, ${formatTime(time)}${waited}${moved}`;
};

const rowView = (row, index) => {
  const vertex = row.kind === "vertex" ? vertices[row.place] : undefined;
  const state = vertex?.state ?? row.state ?? "";
  const mark = row.kind === "group" ? (row.open ? "▾" : "▸") : (stateMarks[state] ?? "");
  const element = h(
    "div",
    {
      class: `row ${row.kind} ${row.inside ? "inside" : ""} ${relationOf(row)}`,
      role: "option",
      id: `row-${index}`,
      "aria-selected": String(index === timeline.active),
      "aria-label": rowName(row),
      "data-index": String(index),
    },
    h(
      "span",
      { class: "label" },
      h("span", { class: `mark ${state}` }, mark),
      h("span", { class: "text" }, vertex?.name ?? row.name),
      row.kind === "vertex" ? "" : h("span", { class: "count" }, String(row.places.length)),
    ),
    h(
      "span",
      { class: "track" },
      ...(vertex === undefined
        ? [span(`bar ${row.kind} ${state}`, row.start, row.end)]
        : vertexSpans(vertex, row.place)),
    ),
    h(
      "span",
      { class: "time" },
      row.kind === "section"
        ? formatTime(row.end - row.start)
        : state === "cached"
          ? "cached"
          : state === "waiting"
            ? "–"
            : formatTime(row.time),
    ),
  );
  element.style.top = `${index * timeline.height}px`;
  return element;
};

/** How a row is related to the step that is looked at. */
const relationOf = (row) => {
  if (stepPanel.place === undefined || row.kind !== "vertex") return "";
  if (row.place === stepPanel.place) return "open";
  if (vertices[stepPanel.place].inputs.includes(row.place)) return "input";
  return vertices[row.place].inputs.includes(stepPanel.place) ? "user" : "";
};

const ticks = () => {
  const wanted = (view.to - view.from) / Math.max(2, Math.floor(timeline.width / 90));
  const power = 10 ** Math.floor(Math.log10(wanted));
  const human = [1, 2, 5, 10].map((factor) => factor * power).filter((step) => step < 10_000);
  const step =
    [
      ...human,
      10_000,
      15_000,
      30_000,
      60_000,
      120_000,
      300_000,
      600_000,
      1_800_000,
      3_600_000,
      7_200_000,
      21_600_000,
    ].find((each) => each >= wanted) ?? wanted;
  const times = [];
  for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) times.push(at);
  return { times, step };
};

const tickText = (time, step) => {
  if (time === 0) return "0";
  if (step >= 60_000 || time >= 600_000) return formatTime(time);
  return step >= 1000
    ? `${Math.round(time / 1000)}s`
    : step >= 1
      ? `${(time / 1000).toFixed(step >= 100 ? 1 : step >= 10 ? 2 : 3)}s`
      : `${time.toFixed(1)}ms`;
};

const drawAxis = () => {
  const { times, step } = ticks();
  const at = (element, time) => {
    element.style.left = `${toX(time)}px`;
    return element;
  };
  find("axis").replaceChildren(
    ...times.map((time) =>
      at(h("span", { class: "tick" }, toX(time) > timeline.width - 34 ? "" : tickText(time, step)), time),
    ),
  );
  find("grid").replaceChildren(...times.map((time) => at(h("span"), time)));
};

/** Draws the rows that are seen, and some around them. */
const drawRows = () => {
  const { box, items, rows, height } = timeline;
  const first = Math.max(0, Math.floor(box.scrollTop / height) - 4);
  const last = Math.min(rows.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + 4);
  items.replaceChildren(...rows.slice(first, last).map((row, index) => rowView(row, first + index)));
  box.setAttribute("aria-activedescendant", `row-${timeline.active}`);
};

let drawing = false;
/** Draws everything with the next frame. */
const draw = () => {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    measure();
    drawAxis();
    drawRows();
    drawOverview();
  });
};

const resetRows = () => {
  const before = timeline.rows[timeline.active];
  timeline.rows = makeRows();
  const again = timeline.rows.findIndex((row) =>
    before?.kind === "vertex" ? row.place === before.place : row.key !== undefined && row.key === before?.key,
  );
  timeline.active = Math.max(0, again);
  measure();
  timeline.list.style.height = `${timeline.rows.length * timeline.height}px`;
  const shown = timeline.rows.filter(({ kind }) => kind !== "section").length;
  find("no-rows").hidden = shown > 0;
  find("row-count").textContent = shown === 0 ? "" : plural(shown, "row");
  draw();
};

const setRange = (from, to) => {
  const all = Math.max(1, data.time);
  const length = Math.min(all, Math.max(shortest, to - from));
  view.from = Math.min(Math.max(0, from), all - length);
  view.to = view.from + length;
  hideTip();
  draw();
};

/** Makes time `factor` times as long on the screen; `at` stays where it is. */
const zoom = (factor, at = (view.from + view.to) / 2) =>
  setRange(at - (at - view.from) / factor, at + (view.to - at) / factor);

const pan = (part) => {
  const by = (view.to - view.from) * part;
  setRange(view.from + by, view.to + by);
};

const activate = (index) => {
  const { box, height, rows } = timeline;
  timeline.active = Math.min(rows.length - 1, Math.max(0, index));
  const top = timeline.active * height;
  if (top < box.scrollTop) box.scrollTop = top;
  const visible = box.clientHeight - find("axis-row").offsetHeight;
  if (top + height > box.scrollTop + visible) box.scrollTop = top + height - visible;
  drawRows();
  showTipAt(timeline.active);
};

const toggleGroup = ({ key, open }) => {
  if (open) view.closed.add(key);
  else view.closed.delete(key);
  resetRows();
};

const choose = (index) => {
  const row = timeline.rows[index];
  if (row?.kind === "vertex") openStep(row.place);
  if (row?.kind === "group") toggleGroup(row);
};

// What all parts of the page use: the data, elements, and how numbers are written.
const data = JSON.parse(document.getElementById("data").textContent);
const vertices = data.vertices;
const find = (id) => document.getElementById(id);

/** An element; `props` are its properties, `class`, `data-…`, `aria-…`, `role` and the like its attributes. */
const h = (tag, props = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "role" && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== ""));
  return element;
};

const two = (value) => String(value).padStart(2, "0");

/** Milliseconds as people read them: 412ms, 12.3s, 2m05s, 1h02m. */
const formatTime = (time) => {
  if (time < 0.5) return "0ms";
  if (time < 999.5) return `${Math.round(time)}ms`;
  if (time < 99950) return `${(time / 1000).toFixed(1)}s`;
  const seconds = Math.round(time / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
};

const formatBytes = (bytes) => {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
};

const formatSpeed = (bytes, time) => (time < 1 || bytes === 0 ? "" : `${formatBytes((bytes / time) * 1000)}/s`);

const formatPercent = (part) => (part > 0 && part < 0.01 ? "<1%" : `${Math.round(part * 100)}%`);

const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

const stateWords = {
  done: "ran",
  cached: "from the cache",
  failed: "failed",
  canceled: "stopped",
  waiting: "did not run",
};
const stateMarks = { done: "✓", cached: "●", failed: "✗", canceled: "■", waiting: "○" };

const startOf = (vertex) => vertex.intervals[0]?.[0];
const endOf = (vertex) => vertex.intervals.at(-1)?.[1];
const bytesOf = (vertex) => vertex.transfers.reduce((sum, { bytes }) => sum + bytes, 0);

/** A button that opens the details of a step. */
const stepLink = (place, text = vertices[place].name) =>
  h("button", { type: "button", class: "link", onclick: () => openStep(place) }, text);

/** Lines of a script, the one that is meant marked. */
const excerptView = ({ file, line, first, text }) =>
  h(
    "figure",
    { class: "excerpt" },
    h("figcaption", {}, `${file}:${line}`),
    text.length === 0
      ? ""
      : h(
          "pre",
          {},
          text.map((each, index) => {
            const number = first + index;
            return h(
              "span",
              { class: number === line ? "line meant" : "line" },
              h("span", { class: "number" }, String(number)),
              h("span", {}, `${each}\n`),
            );
          }),
        ),
  );

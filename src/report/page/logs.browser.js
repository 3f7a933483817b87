// The logs of all steps: drawn in blocks where they are seen, and searched as a whole.
const blockLines = 200;
const logs = [...vertices.keys()].filter((place) => vertices[place].log !== undefined);
const linesCache = new Map();

const linesOf = (log) => {
  const known = linesCache.get(log) ?? log.text.split("\n");
  linesCache.set(log, known);
  return known;
};

/** The milliseconds at which a line came, since its step began. */
const timeOfLine = ({ times }, line) => {
  let low = 0;
  let high = times.length / 2;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (times[middle * 2] <= line) low = middle;
    else high = middle;
  }
  return times[low * 2 + 1] ?? 0;
};

const formatLineTime = (time) => (time < 100_000 ? (time / 1000).toFixed(time < 10_000 ? 3 : 2) : formatTime(time));

const lineView = (log, line, content) =>
  h(
    "div",
    { class: "log-line", "data-line": String(line + 1) },
    h("span", { class: "at" }, formatLineTime(timeOfLine(log, line))),
    h("span", { class: "said" }, ...(content ?? ansiView(linesOf(log)[line]))),
  );

const gapView = ({ bytes }) => h("div", { class: "log-gap" }, `${formatBytes(bytes)} of this log are left out here`);

const rangeViews = (log, from, to) => {
  const views = [];
  for (let line = from; line < to; line++) {
    if (log.gap?.line === line) views.push(gapView(log.gap));
    views.push(lineView(log, line));
  }
  return views;
};

/** The last lines of a log, for places where there is little room. */
const lastLines = (log, most) => {
  const lines = linesOf(log);
  const count = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  return h("div", { class: "log short" }, rangeViews(log, Math.max(0, count - most), count));
};

/** A whole log; blocks that are out of sight are empty and as high as their lines. */
const wholeLog = (log) => {
  const count = linesOf(log).length;
  const box = h("div", { class: "log", tabIndex: 0, role: "region", "aria-label": "log" });
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || target.childElementCount > 0) continue;
        const from = Number(target.dataset.from);
        target.replaceChildren(...rangeViews(log, from, Math.min(count, from + blockLines)));
        target.style.height = "auto";
      }
    },
    { root: box, rootMargin: "600px" },
  );
  for (let from = 0; from < count; from += blockLines) {
    const block = h("div", { "data-from": String(from) });
    block.style.height = `${Math.min(blockLines, count - from) * 1.45}em`;
    box.append(block);
    observer.observe(block);
  }
  return box;
};

const logSize = (log) => {
  const gap = log.gap === undefined ? "" : `, ${formatBytes(log.gap.bytes)} left out`;
  return `${plural(linesOf(log).length, "line")}${gap}`;
};

const logEntry = (place) => {
  const vertex = vertices[place];
  const entry = h(
    "details",
    { id: `log-${place}` },
    h(
      "summary",
      {},
      h("span", { class: `mark ${vertex.state}` }, stateMarks[vertex.state]),
      h("span", { class: "name" }, vertex.name),
      h("span", { class: "muted" }, logSize(vertex.log)),
    ),
  );
  entry.addEventListener("toggle", () => {
    if (entry.open && entry.childElementCount === 1) entry.append(wholeLog(vertex.log));
  });
  return entry;
};

/** Opens a log, at a line when there is one. */
const openLog = (place, line) => {
  closeStep();
  find("log-search").value = "";
  searchLogs("");
  if (find(`log-${place}`) === null) addLogs(logs.length);
  const entry = find(`log-${place}`);
  if (entry.childElementCount === 1) entry.append(wholeLog(vertices[place].log));
  entry.open = true;
  entry.scrollIntoView({ block: "start" });
  entry.querySelector("summary").focus({ preventScroll: true });
  if (line === undefined) return;
  const box = entry.querySelector(".log");
  const block = box.children[Math.floor(line / blockLines)];
  block.replaceChildren(
    ...rangeViews(
      vertices[place].log,
      Number(block.dataset.from),
      Math.min(linesOf(vertices[place].log).length, Number(block.dataset.from) + blockLines),
    ),
  );
  block.style.height = "auto";
  const meant = block.querySelector(`[data-line="${line + 1}"]`);
  meant.classList.add("meant");
  box.scrollTop = meant.offsetTop - box.offsetTop - box.clientHeight / 3;
};

const mostMatches = 1000;

/** A line with what was searched for marked; colours are left out. */
const matchView = (place, line, text, words) => {
  const parts = [];
  let from = 0;
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(words); at >= 0 && lower.length === text.length; at = lower.indexOf(words, from)) {
    parts.push(text.slice(from, at), h("mark", {}, text.slice(at, at + words.length)));
    from = at + words.length;
  }
  parts.push(text.slice(from));
  const row = lineView(vertices[place].log, line, parts);
  row.prepend(
    h(
      "button",
      {
        type: "button",
        class: "link to-line",
        "aria-label": `line ${line + 1} in the whole log`,
        onclick: () => openLog(place, line),
      },
      String(line + 1),
    ),
  );
  return row;
};

const searchLog = (place, words, room) => {
  const found = [];
  const { log } = vertices[place];
  let count = 0;
  if (log.text.toLowerCase().includes(words) || log.text.includes("\u001b")) {
    for (const [line, raw] of linesOf(log).entries()) {
      const text = withoutColors(raw);
      if (!text.toLowerCase().includes(words)) continue;
      count++;
      if (found.length < room) found.push(matchView(place, line, text, words));
    }
  }
  return { found, count };
};

const searchLogs = (text) => {
  const words = text.trim().toLowerCase();
  find("log-list").hidden = words !== "";
  find("log-matches").hidden = words === "";
  if (words === "") {
    find("log-count").textContent = logs.length === 0 ? "" : `${plural(logs.length, "step")} wrote something`;
    return;
  }
  const views = [];
  let total = 0;
  let shown = 0;
  for (const place of logs) {
    const { found, count } = searchLog(place, words, mostMatches - shown);
    total += count;
    shown += found.length;
    if (found.length > 0)
      views.push(
        h("section", {}, h("h3", { class: "plain" }, stepLink(place)), h("div", { class: "log found" }, found)),
      );
  }
  find("log-matches").replaceChildren(...views);
  const cut = logs.some((place) => vertices[place].log.gap !== undefined) ? " of what is kept" : "";
  find("log-count").textContent =
    total === 0
      ? `no line${cut} has that`
      : `${plural(total, "line")}${total > shown ? `, the first ${shown} are shown` : ""}`;
};

/** Logs that are listed before somebody asks for more. */
const mostLogs = 25;

const addLogs = (until) => {
  const list = find("log-list");
  const listed = list.querySelectorAll("details").length;
  find("more-logs")?.remove();
  list.append(...logs.slice(listed, until).map(logEntry));
};

const showMoreLogs = () => {
  const rest = logs.length - mostLogs;
  if (rest <= 0) return;
  const all = () => {
    addLogs(logs.length);
    find(`log-${logs[mostLogs]}`).querySelector("summary").focus();
  };
  find("log-list").append(h("button", { type: "button", id: "more-logs", onclick: all }, `Show ${rest} more`));
};

const showLogs = () => {
  find("no-logs").hidden = logs.length > 0;
  find("log-tools").hidden = logs.length === 0;
  const isBad = (place) => vertices[place].state === "failed";
  logs.sort((a, b) => isBad(b) - isBad(a) || a - b);
  find("log-list").append(...logs.slice(0, mostLogs).map(logEntry));
  showMoreLogs();
  searchLogs("");
  let timer;
  find("log-search").addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => searchLogs(event.target.value), 120);
  });
};

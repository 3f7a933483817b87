// The verdict, numbers, the error, what was built, and warnings.
const verdicts = {
  done: ["✓", "Built in"],
  failed: ["✗", "Failed after"],
  canceled: ["■", "Interrupted after"],
};

const tile = (label, value, note, part) =>
  h(
    "div",
    { class: "tile" },
    h("dt", {}, label),
    h("dd", {}, h("span", { class: "value" }, value), note ? h("span", { class: "note" }, note) : ""),
    part === undefined ? "" : h("dd", { class: "gauge" }, gauge(part)),
  );

const gauge = (part) => {
  const fill = h("span", { class: "fill" });
  fill.style.width = `${part * 100}%`;
  return h("span", { class: "meter", role: "img", "aria-label": formatPercent(part) }, fill);
};

const tiles = () => {
  const { steps, completed, cached } = data.count;
  const moved = vertices.reduce((sum, vertex) => sum + bytesOf(vertex), 0);
  const path = data.criticalPath.reduce((sum, place) => sum + vertices[place].time, 0);
  const waited = vertices.reduce((sum, { wait }) => sum + (wait === undefined ? 0 : wait.to - wait.from), 0);
  const most = mostAtOnce();
  return [
    tile("Steps", String(completed), completed === steps ? "all done" : `of ${steps}`),
    tile(
      "From the cache",
      completed === 0 ? "–" : formatPercent(cached / completed),
      plural(cached, "step"),
      cached / Math.max(1, completed),
    ),
    tile(
      "Critical path",
      formatTime(path),
      data.time === 0 ? "" : `${formatPercent(Math.min(1, path / data.time))} of the time`,
    ),
    tile("At the same time", String(most), `step${most === 1 ? "" : "s"} at most`),
    tile(
      "Moved",
      formatBytes(moved),
      plural(
        vertices.reduce((sum, vertex) => sum + vertex.transfers.length, 0),
        "transfer",
      ),
    ),
    tile(
      "Waited for a turn",
      formatTime(waited),
      waited === 0 ? "nothing did" : plural(vertices.filter(({ wait }) => wait).length, "step"),
    ),
  ];
};

/** The most vertices that ran at one time. */
const mostAtOnce = () => {
  const changes = [];
  for (const vertex of vertices) {
    for (const [start, end] of vertex.intervals) if (end > start) changes.push([start, 1], [end, -1]);
  }
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let running = 0;
  return changes.reduce((most, [, change]) => {
    running += change;
    return Math.max(most, running);
  }, 0);
};

const showHead = () => {
  const [mark, words] = verdicts[data.result];
  const when = new Date(data.began);
  find("verdict").append(
    h("span", { class: "mark", "aria-hidden": "true" }, mark),
    h(
      "div",
      {},
      h("p", { class: "words" }, `${words} ${formatTime(data.time)}`),
      h(
        "p",
        { class: "muted" },
        h(
          "time",
          { dateTime: when.toISOString() },
          when.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" }),
        ),
      ),
    ),
  );
  document.querySelector("main").classList.add(data.result);
  find("tiles").append(...tiles());
  find("facts").append(
    ...data.facts.map(([label, values]) => {
      const isWide = values.some((value) => value.length > 44);
      return h("div", { class: isWide ? "wide" : "" }, h("dt", {}, label), values.map(factView));
    }),
  );
  showError();
  showWarnings();
};

const factView = (value) => h("dd", {}, /^sha256:/.test(value) ? h("code", {}, value) : value);

const showError = () => {
  if (data.error === undefined) return;
  const failed = vertices.findIndex(({ state }) => state === "failed");
  const { message, hint, excerpts } = data.error;
  const log = failed < 0 ? undefined : vertices[failed].log;
  find("error").hidden = false;
  find("error").append(
    h("h2", {}, data.result === "canceled" ? "Interrupted" : "What went wrong"),
    h("pre", { class: "message" }, message),
    ...excerpts.slice(0, 1).map(excerptView),
    ...excerpts
      .slice(1)
      .map(({ file, line, first, text }) =>
        h("p", { class: "caller" }, `called from ${file}:${line}`, h("code", {}, (text[line - first] ?? "").trim())),
      ),
    hint === undefined ? "" : h("p", { class: "hint" }, h("strong", {}, "Hint: "), hint),
    ...(log === undefined ? [] : [h("h3", {}, "The end of its log"), lastLines(log, 20)]),
    failed < 0
      ? ""
      : h(
          "p",
          { class: "actions" },
          h("button", { type: "button", onclick: () => openStep(failed) }, "The step that failed"),
        ),
  );
};

const showWarnings = () => {
  if (data.warnings.length === 0) return;
  find("warnings").hidden = false;
  find("warnings").querySelector("h2").append(` (${data.warnings.length})`);
  find("warning-list").append(
    ...data.warnings.map(({ title, detail, url, excerpt, vertex }) =>
      h(
        "li",
        {},
        h("p", { class: "title" }, title),
        detail.map((line) => h("p", {}, line)),
        /^https?:\/\//.test(url) ? h("p", {}, h("a", { href: url, rel: "noreferrer noopener" }, url)) : "",
        excerpt === undefined ? "" : excerptView(excerpt),
        vertex === undefined ? "" : h("p", {}, "Step: ", stepLink(vertex)),
      ),
    ),
  );
};

// The slowest steps, the critical path, and what was moved.
const mostSlow = 12;
const mostTransfers = 100;

const showSlowest = () => {
  const slow = [...vertices.keys()].filter((place) => vertices[place].time > 0);
  slow.sort((a, b) => vertices[b].time - vertices[a].time);
  const longest = vertices[slow[0]]?.time ?? 0;
  find("slowest").append(
    ...slow.slice(0, mostSlow).map((place) => {
      const { time, state } = vertices[place];
      const bar = h("span", { class: `amount ${state}` });
      bar.style.width = `${(time / longest) * 100}%`;
      return h(
        "li",
        {},
        h("span", { class: "name" }, stepLink(place)),
        h("span", { class: "time" }, formatTime(time)),
        bar,
      );
    }),
  );
  if (slow.length === 0) find("slowest").append(h("li", { class: "muted" }, "Nothing took any time."));
};

const pathRow = (kind, name, time) =>
  h("li", { class: kind }, h("span", { class: "name" }, name), h("span", { class: "time" }, formatTime(time)));

/** What a vertex of the path waited for. */
const gapWords = ({ wait, inputs }) => {
  if (wait !== undefined && wait.running > 0) return `ready, while ${plural(wait.running, "other step")} ran`;
  return inputs.length === 0 ? "between steps" : "ready, but not started";
};

const showCriticalPath = () => {
  const list = find("path");
  let end = 0;
  for (const place of data.criticalPath) {
    const vertex = vertices[place];
    const gap = (startOf(vertex) ?? 0) - end;
    if (gap >= 50) list.append(pathRow("gap", end === 0 ? "before the first step" : gapWords(vertex), gap));
    end = Math.max(end, endOf(vertex) ?? 0);
    if (vertex.time >= 1) list.append(pathRow(vertex.state, stepLink(place), vertex.time));
  }
  const rest = data.time - end;
  if (rest >= 50 && end > 0) list.append(pathRow("gap", "until the end", rest));
  if (list.children.length === 0) list.append(h("li", { class: "muted" }, "Nothing took any time."));
};

const transferKinds = {
  context: "context",
  pull: "pull",
  push: "push",
  export: "export",
  load: "load",
  other: "other",
};

const listTransfers = () =>
  vertices.flatMap((vertex, place) =>
    vertex.transfers.map((transfer) => ({ ...transfer, place, time: transfer.end - transfer.start })),
  );

const columns = [
  ["kind", "What", (row) => transferKinds[row.kind]],
  ["place", "Step", (row) => stepLink(row.place)],
  ["id", "Part", (row) => h("code", {}, shortDigest(row.id))],
  [
    "bytes",
    "Bytes",
    (row) => {
      if (row.bytes === 0 && row.kind !== "context") return "not told";
      return row.total > row.bytes ? `${formatBytes(row.bytes)} of ${formatBytes(row.total)}` : formatBytes(row.bytes);
    },
  ],
  ["time", "Time", (row) => formatTime(row.time)],
  ["speed", "Speed", (row) => formatSpeed(row.bytes, row.time)],
];

const shortDigest = (text) => text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{20,}/g, "$1…");

const showTransfers = () => {
  const rows = listTransfers().map((row) => ({ ...row, speed: row.time < 1 ? 0 : row.bytes / row.time }));
  if (rows.length === 0) {
    find("transfer-table").hidden = true;
    find("no-transfers").hidden = false;
    return;
  }
  let sorted = "bytes";
  let down = true;
  let most = mostTransfers;
  const body = h("tbody");
  const heads = columns.map(([key, title]) =>
    h("th", { scope: "col", class: key }, h("button", { type: "button", onclick: () => sortBy(key) }, title)),
  );
  const more = h(
    "button",
    {
      type: "button",
      onclick: () => {
        most = rows.length;
        fill();
      },
    },
    `Show all ${rows.length}`,
  );
  const compare = (a, b) =>
    typeof a[sorted] === "string" ? a[sorted].localeCompare(b[sorted]) : a[sorted] - b[sorted];
  const fill = () => {
    const all = [...rows].sort((a, b) => (down ? -compare(a, b) : compare(a, b)));
    for (const [index, [key]] of columns.entries()) {
      heads[index].setAttribute("aria-sort", key !== sorted ? "none" : down ? "descending" : "ascending");
    }
    body.replaceChildren(
      ...all.slice(0, most).map((row) =>
        h(
          "tr",
          {},
          columns.map(([key, title, view]) => h("td", { class: key, "data-title": title }, view(row))),
        ),
      ),
    );
    more.hidden = rows.length <= most;
  };
  const sortBy = (key) => {
    down = key === sorted ? !down : typeof rows[0][key] === "number" && key !== "place";
    sorted = key;
    fill();
  };
  fill();
  find("transfer-table").append(h("thead", {}, h("tr", {}, heads)), body);
  find("transfer-table").after(more);
};

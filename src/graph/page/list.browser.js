// The same vertices as a table, for readers of screens, keyboards and small windows.

/** Rows that are made at once; the others are made when they are asked for. */
const rowsAtOnce = 200;

function columnsOf(trace) {
  const took = {
    name: "Took",
    of: ({ run }) => (run === undefined ? -1 : run.state === "cached" ? 0 : run.duration),
    text: ({ run }) => (run === undefined ? "" : run.state === "ran" ? run.text : run.state),
  };
  return [
    { name: "#", of: ({ n }) => n, text: ({ n }) => `#${n}` },
    { name: "Kind", of: ({ kind }) => kind },
    { name: "Name", of: ({ name }) => name },
    { name: "Platform", of: ({ platform }) => platform ?? "" },
    { name: "Script", of: ({ locations }) => locations[0]?.join(":") ?? "" },
    {
      name: "Inputs",
      of: ({ inputs }) => inputs.length,
      text: ({ inputs }) => inputs.map(({ n }) => `#${n}`).join(" "),
    },
    ...(trace === undefined ? [] : [took]),
  ];
}

/** A list of the vertices; `update` says which are there and what stands out, and draws nothing while it is hidden. */
function makeList({ place, byNumber, trace, go }) {
  const columns = columnsOf(trace);
  const rows = new Map();
  const body = element("tbody");
  let sorted = 0;
  let isDown = false;
  let most = rowsAtOnce;
  let state;

  const row = (vertex) => {
    const cells = columns.map((column) => {
      const text = column.text?.(vertex) ?? String(column.of(vertex));
      if (column.name !== "Name") return element("td", { class: column.name.toLowerCase() }, text);
      const choose = element("button", { type: "button", class: "link", onclick: () => go(vertex.n) }, text);
      return element("td", {}, choose);
    });
    const made = element("tr", { class: vertex.look, "data-n": vertex.n }, ...cells);
    rows.set(vertex.n, made);
    return made;
  };
  const compare = (left, right) => {
    const { of } = columns[sorted];
    const [one, other] = [of(left), of(right)];
    const least = typeof one === "number" ? one - other : one.localeCompare(other);
    return (isDown ? -least : least) || left.n - right.n;
  };
  const count = element("p", { class: "muted" });
  const more = element("button", { type: "button", id: "more", onclick: () => draw(most + 5 * rowsAtOnce) }, "More");
  const heads = columns.map(({ name }, at) =>
    element("th", { scope: "col" }, element("button", { type: "button", onclick: () => sort(at) }, name)),
  );
  place.append(
    element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body),
    element("footer", {}, count, more),
  );

  const draw = (limit) => {
    most = limit;
    const { isShown, hits, isSearch, chosen } = state;
    const listed = [...byNumber.values()].filter((vertex) => isShown(vertex) && (!isSearch || hits.has(vertex.n)));
    listed.sort(compare);
    const at = listed.findIndex(({ n }) => n === chosen);
    const drawn = listed.slice(0, Math.max(most, at + 1));
    body.replaceChildren(...drawn.map((vertex) => rows.get(vertex.n) ?? row(vertex)));
    for (const [n, line] of rows) {
      if (n === chosen) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
    for (const [column, head] of heads.entries()) {
      head.setAttribute("aria-sort", column !== sorted ? "none" : isDown ? "descending" : "ascending");
    }
    count.textContent = `${drawn.length} of ${listed.length} shown`;
    count.hidden = more.hidden = drawn.length === listed.length;
  };
  const sort = (at) => {
    isDown = sorted === at && !isDown;
    sorted = at;
    draw(most);
  };
  const update = (next) => {
    state = next;
    if (!place.hidden) draw(most);
  };
  const show = (n) => rows.get(n)?.scrollIntoView({ block: "nearest" });
  return { update, show };
}

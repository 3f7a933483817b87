// The same vertices as a table, for readers of screens, keyboards and small windows.

/** Fills `place` when it is first shown. */
function makeList({ place, byNumber, trace, go }) {
  const columns = [
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
    ...(trace === undefined
      ? []
      : [
          {
            name: "Took",
            of: ({ run }) => (run === undefined ? -1 : run.state === "cached" ? 0 : run.duration),
            text: ({ run }) => (run === undefined ? "" : run.state === "ran" ? run.text : run.state),
          },
        ]),
  ];
  const rows = new Map();
  const body = element("tbody");
  let sorted = 0;
  let isDown = false;

  const row = (vertex) => {
    const cells = columns.map((column) => {
      const text = column.text?.(vertex) ?? String(column.of(vertex));
      if (column.name !== "Name") return element("td", { class: column.name.toLowerCase() }, text);
      return element("td", {}, element("button", { type: "button", class: "link", onclick: () => go(vertex.n) }, text));
    });
    return element("tr", { class: vertex.look, "data-n": vertex.n }, ...cells);
  };
  const sort = (at) => {
    isDown = sorted === at && !isDown;
    sorted = at;
    const { of } = columns[at];
    const order = [...byNumber.values()].sort((left, right) => {
      const [one, other] = [of(left), of(right)];
      const least = typeof one === "number" ? one - other : one.localeCompare(other);
      return (isDown ? -least : least) || left.n - right.n;
    });
    body.append(...order.map(({ n }) => rows.get(n)));
    for (const [column, head] of [...place.querySelectorAll("th")].entries()) {
      head.setAttribute("aria-sort", column !== at ? "none" : isDown ? "descending" : "ascending");
    }
  };
  const fill = () => {
    if (rows.size > 0) return;
    for (const vertex of byNumber.values()) rows.set(vertex.n, row(vertex));
    const heads = columns.map(({ name }, at) =>
      element(
        "th",
        { scope: "col", "aria-sort": at === 0 ? "ascending" : "none" },
        element("button", { type: "button", onclick: () => sort(at) }, name),
      ),
    );
    body.append(...rows.values());
    place.append(element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body));
  };
  /** `isShown` tells which rows are there, `chosen` is the number of one. */
  const update = (isShown, hits, chosen) => {
    for (const [n, line] of rows) {
      line.hidden = !isShown(byNumber.get(n));
      line.classList.toggle("hit", hits.has(n));
      if (n === chosen) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
  };
  const show = (n) => rows.get(n)?.scrollIntoView({ block: "nearest" });
  return { fill, update, show };
}

// The keys of the page, and the window that lists them.

const keys = [
  ["/", "search", () => id("query").focus()],
  ["+", "zoom in", () => view.zoom(1.25)],
  ["-", "zoom out", () => view.zoom(0.8)],
  ["0", "show all", () => view.fit()],
  ["ArrowLeft", "move the graph", () => view.pan(80, 0)],
  ["ArrowRight", undefined, () => view.pan(-80, 0)],
  ["ArrowUp", undefined, () => view.pan(0, 80)],
  ["ArrowDown", undefined, () => view.pan(0, -80)],
  ["n", "next vertex", () => walk(1)],
  ["p", "previous vertex", () => walk(-1)],
  ["i", "first input of the chosen vertex", () => follow("inputs")],
  ["u", "first user of the chosen vertex", () => follow("users")],
  ["g", "graph", () => showView("graph")],
  ["l", "list", () => showView("list")],
  ["Escape", "choose nothing", () => choose(undefined)],
  ["?", "these keys", () => showHelp()],
];

function showHelp() {
  const rows = keys
    .filter(([, text]) => text !== undefined)
    .map(([key, text]) =>
      element(
        "tr",
        {},
        element("td", {}, element("kbd", {}, key === "ArrowLeft" ? "← ↑ → ↓" : key)),
        element("td", {}, text),
      ),
    );
  const search = element(
    "tr",
    {},
    element("td", {}, element("kbd", {}, "Enter"), " ", element("kbd", {}, "Shift Enter")),
    element("td", {}, "next and previous match, in the search"),
  );
  const close = element("button", { type: "button", onclick: () => id("help").close() }, "Close");
  id("help").replaceChildren(
    element("h2", {}, "Keys"),
    element("table", {}, element("tbody", {}, ...rows, search)),
    close,
  );
  id("help").showModal();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || id("help").open) return;
  if (event.target.closest("input, select, textarea") !== null) return;
  const isMove = event.key.startsWith("Arrow");
  // Arrows scroll the panel and the list when they are where the focus is.
  if (isMove && (stage.hidden || event.target.closest("#panel, .kinds") !== null)) return;
  const [, , run] = keys.find(([key]) => key === event.key || (key === "+" && event.key === "=")) ?? [];
  if (run === undefined) return;
  event.preventDefault();
  run();
});

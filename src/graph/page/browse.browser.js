// Ties the parts of the page together: what is chosen, searched for and left out, and the keys.

const data = JSON.parse(document.getElementById("data").textContent);
const byNumber = linkGraph(data);
const id = (name) => document.getElementById(name);
const svg = id("drawing");
const stage = id("stage");
const nodes = new Map([...svg.querySelectorAll(".vertex")].map((node) => [Number(node.dataset.n), node]));
const edges = [...svg.querySelectorAll(".edge")];

const view = moveAbout({
  stage,
  svg,
  world: id("world"),
  width: Number(svg.dataset.width),
  height: Number(svg.dataset.height),
  covered: () => {
    const panel = id("panel");
    const isOver = getComputedStyle(panel).position === "absolute";
    return isOver ? panel.getBoundingClientRect().height : 0;
  },
  onScale: (scale) => {
    id("scale").textContent = `${Math.round(scale * 100)} %`;
  },
});
const gestures = listenToGestures(stage, view);

let chosen;
let trail;
let hits = [];
let hit = -1;
let part = "";
const hiddenKinds = new Set();

const isShown = ({ kind, platform, results }) => {
  if (hiddenKinds.has(kind)) return false;
  if (part.startsWith("p")) return platform === part.slice(1);
  return part === "" || results.has(Number(part.slice(1)));
};

const list = makeList({ place: id("list"), byNumber, trace: data.trace, go: (n) => choose(n) });

/** Classes of everything, as the state says. */
function paint() {
  const vertex = byNumber.get(chosen);
  const near = new Set(vertex === undefined ? [] : [...vertex.inputs, ...vertex.users].map(({ n }) => n));
  const way = vertex === undefined || trail === undefined ? undefined : reach(byNumber, [chosen], trail);
  const found = new Set(hits);
  for (const [n, node] of nodes) {
    const { classList } = node;
    node.setAttribute("tabindex", n === chosen ? "0" : "-1");
    classList.toggle("chosen", n === chosen);
    classList.toggle("near", near.has(n));
    classList.toggle("hit", found.has(n));
    classList.toggle("out", !isShown(byNumber.get(n)) || (way !== undefined && !way.has(n)));
  }
  for (const edge of edges) {
    const { from, to } = edge.dataset;
    const ends = [Number(from), Number(to)];
    const isOut = (n) => !Number.isNaN(n) && nodes.get(n).classList.contains("out");
    edge.classList.toggle("near", ends.includes(chosen));
    edge.classList.toggle(
      "way",
      way !== undefined && ends.every((n) => Number.isNaN(n) || way.has(n)) && !isOut(ends[0]),
    );
    edge.classList.toggle("out", ends.some(isOut));
  }
  list.update(isShown, found, chosen);
}

function fillPanel() {
  const panel = id("panel");
  const vertex = byNumber.get(chosen);
  const shared = { ...data, byNumber, go: (n) => choose(n) };
  const toggle = (name) => {
    trail = trail === name ? undefined : name;
    fillPanel();
    paint();
    id(`trail-${name}`).focus();
  };
  const parts =
    vertex === undefined
      ? overviewPanel(shared)
      : vertexPanel(vertex, { ...shared, close: () => choose(undefined), trails: { shown: trail, toggle } });
  panel.replaceChildren(...parts);
  panel.scrollTop = 0;
  panel.classList.toggle("open", vertex !== undefined);
}

function placeOf(n) {
  const { e, f } = nodes.get(n).transform.baseVal.consolidate().matrix;
  const { width, height } = nodes.get(n).querySelector(".box").getBBox();
  return { x: e, y: f, width, height };
}

/** Chooses a vertex, or none, and brings it into sight. */
function choose(n, { quietly = false } = {}) {
  if (n !== chosen) trail = undefined;
  chosen = n;
  fillPanel();
  paint();
  if (n === undefined) {
    if (location.hash !== "") history.replaceState(null, "", location.pathname);
    return;
  }
  // After the panel has taken its room.
  if (stage.hidden) list.show(n);
  else requestAnimationFrame(() => view.show(placeOf(n), quietly));
  const { digest } = byNumber.get(n);
  if (location.hash.slice(1) !== digest) location.replace(`#${digest}`);
}

/** A link has a digest, or the beginning of one, with or without `sha256:`. */
function chooseByLink() {
  const wanted = decodeURIComponent(location.hash.slice(1)).replace(/^sha256:/, "");
  if (wanted.length < 6) return;
  const found = [...byNumber.values()].find(({ digest }) => digest.replace(/^sha256:/, "").startsWith(wanted));
  if (found !== undefined && found.n !== chosen) choose(found.n, { quietly: true });
}

function find() {
  hits = search(byNumber, id("query").value).filter((n) => isShown(byNumber.get(n)));
  hit = -1;
  showHits();
  paint();
}

function showHits() {
  const asked = id("query").value.trim() !== "";
  const at = hit < 0 ? `${hits.length}` : `${hit + 1} of ${hits.length}`;
  id("hits").textContent = asked ? (hits.length === 0 ? "no match" : `${at} ${hit < 0 ? "found" : ""}`.trim()) : "";
  for (const name of ["previous", "next"]) id(name).disabled = hits.length === 0;
}

function step(by) {
  if (hits.length === 0) return;
  hit = hit < 0 && by < 0 ? hits.length - 1 : (hit + by + hits.length) % hits.length;
  showHits();
  choose(hits[hit]);
}

function showView(name) {
  stage.hidden = name !== "graph";
  id("list").hidden = name !== "list";
  id("show-graph").setAttribute("aria-pressed", String(name === "graph"));
  id("show-list").setAttribute("aria-pressed", String(name === "list"));
  if (name === "list") {
    list.fill();
    paint();
    if (chosen !== undefined) list.show(chosen);
  }
}

/** The next vertex in the order of numbers, of those that are shown. */
function walk(by) {
  const shown = [...byNumber.values()].filter(isShown).map(({ n }) => n);
  if (shown.length === 0) return;
  const at = shown.indexOf(chosen);
  choose(shown[at < 0 ? (by > 0 ? 0 : shown.length - 1) : (at + by + shown.length) % shown.length]);
}

function follow(side) {
  const next = byNumber.get(chosen)?.[side].find(({ n }) => isShown(byNumber.get(n)));
  if (next !== undefined) choose(next.n);
}

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

id("query").addEventListener("input", find);
id("query").addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  }
  if (event.key === "Escape") {
    id("query").value = "";
    find();
    stage.focus();
  }
});
id("next").addEventListener("click", () => step(1));
id("previous").addEventListener("click", () => step(-1));
id("zoom-in").addEventListener("click", () => view.zoom(1.25));
id("zoom-out").addEventListener("click", () => view.zoom(0.8));
id("fit").addEventListener("click", () => view.fit());
id("show-graph").addEventListener("click", () => showView("graph"));
id("show-list").addEventListener("click", () => showView("list"));
id("help-button").addEventListener("click", showHelp);
id("part")?.addEventListener("change", ({ target }) => {
  part = target.value;
  find();
});
for (const chip of document.querySelectorAll(".chip")) {
  chip.addEventListener("click", () => {
    const { kind } = chip.dataset;
    if (!hiddenKinds.delete(kind)) hiddenKinds.add(kind);
    chip.setAttribute("aria-pressed", String(!hiddenKinds.has(kind)));
    find();
  });
}
for (const [n, node] of nodes) {
  node.setAttribute("role", "button");
  node.setAttribute("tabindex", "-1");
  node.setAttribute("aria-label", `#${n} ${byNumber.get(n).kind} ${byNumber.get(n).name}`);
}
stage.addEventListener("click", (event) => {
  if (gestures.wasMoved() || event.target.closest("button") !== null) return;
  const node = event.target.closest(".vertex");
  choose(node === null ? undefined : Number(node.dataset.n));
});
// Enter on the graph chooses what has the focus, else the first vertex.
stage.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.closest("button") !== null) return;
  const node = event.target.closest(".vertex");
  if (node !== null) choose(Number(node.dataset.n));
  else if (chosen === undefined) walk(1);
});
addEventListener("hashchange", chooseByLink);

fillPanel();
chooseByLink();

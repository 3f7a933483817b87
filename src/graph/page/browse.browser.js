// Ties the parts of the page together: what is chosen, searched for and left out, and the keys.

const data = JSON.parse(document.getElementById("data").textContent);
const byNumber = linkGraph(data);
const id = (name) => document.getElementById(name);
const svg = id("drawing");
const stage = id("stage");
const drawing = readDrawing(document.getElementById("parts").content);
const boxes = new Map(drawing.boxes.map((box) => [box.n, box]));
const sight = makeSight(drawing, id("world"), dress);
const map = makeMap(id("map"), drawing, { stateOf, edgeStateOf });
const looks = ["source", "exec", "file", "merge", "diff", "build", "passthrough", "unknown"];
let colors;

const view = moveAbout({
  stage,
  world: id("world"),
  width: Number(svg.dataset.width),
  height: Number(svg.dataset.height),
  covered: () => {
    const panel = id("panel");
    const isOver = getComputedStyle(panel).position === "absolute";
    return isOver ? panel.getBoundingClientRect().height : 0;
  },
  onDraw: drawFrame,
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

/** What stands out and what steps back; set anew by paint. */
let emphasis = { near: new Set(), found: new Set(), out: new Set(), outResults: new Set(), way: undefined };

function stateOf({ n, result }) {
  if (result !== undefined) return emphasis.outResults.has(result) ? "out" : "plain";
  if (n === chosen) return "chosen";
  if (emphasis.out.has(n)) return "out";
  return emphasis.found.has(n) ? "hit" : "plain";
}

function edgeStateOf({ from, to, result }) {
  const { way, out, outResults } = emphasis;
  if (out.has(from) || out.has(to) || outResults.has(result)) return "out";
  return way !== undefined || from === chosen || to === chosen ? "strong" : "plain";
}

/** One frame: the map from afar, else what is in sight. */
function drawFrame({ scale, x, y, width, height }) {
  id("scale").textContent = `${Math.round(scale * 100)} %`;
  const isMap = scale < mapScale;
  id("map").hidden = !isMap;
  svg.classList.toggle("far", scale < 0.5);
  const room = 20;
  const seen = { x: -x / scale - room, y: -y / scale - room, right: (width - x) / scale + room };
  sight.show(isMap ? undefined : { ...seen, bottom: (height - y) / scale + room });
  if (!isMap) return;
  colors ??= readColors([...looks, "result", "edge", "accent", "hit"]);
  map.draw({ scale, x, y, width, height, colors, isSearch: emphasis.found.size > 0 });
}

/** Works out what stands out, and shows it. */
function paint() {
  const vertex = byNumber.get(chosen);
  const near = new Set(vertex === undefined ? [] : [...vertex.inputs, ...vertex.users].map(({ n }) => n));
  const way = vertex === undefined || trail === undefined ? undefined : reach(byNumber, [chosen], trail);
  const isOut = (each) => !isShown(each) || (way !== undefined && !way.has(each.n));
  const out = new Set([...byNumber.values()].filter(isOut).map(({ n }) => n));
  const results = data.results.map(({ inputs }, at) => [at, inputs.length > 0 && inputs.every((n) => out.has(n))]);
  const isApart = (at) => part.startsWith("r") && part !== `r${at}`;
  const outResults = new Set(results.filter(([at, isOut]) => isOut || isApart(at)).map(([at]) => at));
  emphasis = { near, way, out, outResults, found: new Set(hits) };
  sight.dressAll();
  map.change();
  list.update({ isShown, hits: emphasis.found, isSearch: id("query").value.trim() !== "", chosen });
  view.redraw();
}

/** Gives what is in sight the classes of its state; what stays as it is is not touched. */
function dress(part) {
  const own = part.points === undefined ? stateOf(part) : edgeStateOf(part);
  const state = own !== "chosen" && emphasis.near.has(part.n) ? `${own} near` : own;
  if (part.state === state) return;
  part.node.classList.remove(...(part.state ?? "plain").split(" "));
  part.node.classList.add(...state.split(" "));
  part.state = state;
}

function fillPanel() {
  const panel = id("panel");
  const vertex = byNumber.get(chosen);
  const edgeStyles = new Set(drawing.edges.map(({ node }) => node.classList[1]));
  const shared = { ...data, byNumber, edgeStyles, go: (n) => choose(n), close: () => choose(undefined) };
  const toggle = (name) => {
    trail = trail === name ? undefined : name;
    fillPanel();
    paint();
    id(`trail-${name}`).focus();
  };
  const parts =
    vertex === undefined ? overviewPanel(shared) : vertexPanel(vertex, { ...shared, trails: { shown: trail, toggle } });
  panel.replaceChildren(...parts);
  panel.scrollTop = 0;
  panel.classList.toggle("open", vertex !== undefined);
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
  else requestAnimationFrame(() => view.show(boxes.get(n), quietly));
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

// What is typed within one frame is searched for once.
let isTyping = false;
id("query").addEventListener("input", () => {
  if (!isTyping) requestAnimationFrame(settle);
  isTyping = true;
});
function settle() {
  if (isTyping) find();
  isTyping = false;
}
id("query").addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    settle();
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
// In small windows what is told of the whole graph is shown when it is asked for.
id("about").addEventListener("click", () => {
  choose(undefined);
  id("panel").classList.toggle("open");
});
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
for (const { node, n } of boxes.values()) {
  if (!byNumber.has(n)) continue;
  node.setAttribute("role", "button");
  node.setAttribute("aria-label", `#${n} ${byNumber.get(n).kind} ${byNumber.get(n).name}`);
}
stage.addEventListener("click", (event) => {
  if (gestures.wasMoved() || event.target.closest("button") !== null) return;
  const [x, y] = view.toDrawing(gestures.within([event.clientX, event.clientY]));
  const box = boxAt(drawing, x, y, view.scale());
  choose(byNumber.has(box?.n) ? box.n : undefined);
});
for (const change of [matchMedia("(prefers-color-scheme: dark)"), id("theme")]) {
  change.addEventListener(change === id("theme") ? "click" : "change", () => {
    colors = undefined;
    view.redraw();
  });
}
// Enter on the graph chooses the first vertex, or leads to what is told of the chosen one.
stage.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.closest("button") !== null) return;
  if (chosen === undefined) walk(1);
  else document.querySelector("#panel button")?.focus();
});
addEventListener("hashchange", chooseByLink);
addEventListener("beforeprint", () => {
  sight.show({ x: -Infinity, y: -Infinity, right: Infinity, bottom: Infinity });
});
addEventListener("afterprint", view.redraw);

fillPanel();
chooseByLink();

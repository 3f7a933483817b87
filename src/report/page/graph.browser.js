// The drawing of the graph: colours by time, moved about in its card or in all of the window.
const heatOf = ({ state, time }, longest) => (state === "done" || state === "failed" ? Math.sqrt(time / longest) : 0);

const paintGraph = (nodes) => {
  const longest = Math.max(1, ...vertices.map(({ time }) => time));
  for (const node of nodes) {
    const vertex = vertices[Number(node.dataset.n) - 1];
    node.classList.add(`is-${vertex.state}`);
    node.style.setProperty("--heat", `${Math.round(heatOf(vertex, longest) * 100)}%`);
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", `${vertex.name}, ${stateWords[vertex.state]}, ${formatTime(vertex.time)}`);
    node.setAttribute("tabindex", "-1");
  }
  nodes[0]?.setAttribute("tabindex", "0");
};

const moveFocus = (nodes, from, by) => {
  const next = nodes[Math.min(nodes.length - 1, Math.max(0, nodes.indexOf(from) + by))];
  from.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus({ preventScroll: true });
  return next;
};

/** In its card the drawing leaves wheel and fingers to the page. */
const keepFromPage = (stage, isFull) => {
  const leave = (event) => {
    const isMeant = isFull() || event.ctrlKey || event.metaKey || event.pointerType === "mouse";
    if (!isMeant) event.stopImmediatePropagation();
  };
  stage.addEventListener("wheel", leave, { capture: true });
  stage.addEventListener("pointerdown", leave, { capture: true });
};

const showGraph = () => {
  const stage = find("graph-stage");
  if (stage === null) return;
  const svg = find("graph-drawing");
  const nodes = [...svg.querySelectorAll(".vertex")];
  const card = find("graph");
  const isFull = () => card.classList.contains("full");
  paintGraph(nodes);
  keepFromPage(stage, isFull);
  const { width, height } = svg.dataset;
  stage.style.setProperty("--wanted", `${Number(height) + 60}px`);
  const onDraw = ({ scale }) => {
    svg.classList.toggle("far", scale < 0.45);
    svg.classList.toggle("farthest", scale < 0.16);
  };
  const world = { stage, svg, world: find("graph-world"), width: Number(width), height: Number(height) };
  const moving = moveAbout({ ...world, covered: () => 0, onDraw });
  const gestures = listenToGestures(stage, moving);
  const setFull = (full) => {
    card.classList.toggle("full", full);
    find("graph-full").setAttribute("aria-pressed", String(full));
    moving.fit();
  };
  const show = (node) => {
    const { x, y, width: wide, height: high } = node.getBBox();
    const { e, f } = node.transform.baseVal.consolidate().matrix;
    moving.show({ x: x + e, y: y + f, width: wide, height: high });
  };
  // What is too large to read as a whole is shown at its critical path.
  const first = svg.querySelector(".vertex.critical") ?? nodes[0];
  if (moving.scale() < 0.3 && first !== undefined) show(first);
  stage.addEventListener("click", (event) => {
    const node = event.target.closest(".vertex");
    if (node === null || gestures.wasMoved()) return;
    setFull(false);
    openStep(Number(node.dataset.n) - 1);
  });
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  stage.addEventListener("keydown", (event) => {
    const node = event.target.closest(".vertex");
    if (event.key === "Escape" && isFull()) event.stopPropagation();
    if (event.key === "Escape") setFull(false);
    else if (event.key === "+" || event.key === "=") moving.zoom(1.4);
    else if (event.key === "-") moving.zoom(1 / 1.4);
    else if (event.key === "0") moving.fit();
    else if (node !== null && steps[event.key] !== undefined) show(moveFocus(nodes, node, steps[event.key]));
    else if (node !== null && event.key === "Enter") openStep(Number(node.dataset.n) - 1);
    else return;
    event.preventDefault();
  });
  find("graph-in").addEventListener("click", () => moving.zoom(1.4));
  find("graph-out").addEventListener("click", () => moving.zoom(1 / 1.4));
  find("graph-fit").addEventListener("click", () => moving.fit());
  find("graph-full").addEventListener("click", () => setFull(!isFull()));
  find("graph-color").addEventListener("change", (event) =>
    svg.classList.toggle("heat", event.target.value === "time"),
  );
};

// Mouse, touch and keys of the timeline, and what is shown about the row under them.
const tip = find("tip");
const hideTip = () => {
  tip.hidden = true;
};

const tipLines = (row) => {
  if (row.kind !== "vertex") {
    const cached = row.places.filter((place) => vertices[place].state === "cached").length;
    return [
      plural(row.places.length, "step") + (cached === 0 ? "" : `, ${cached} from the cache`),
      `${formatTime(row.start)} to ${formatTime(row.end)}`,
    ];
  }
  const { state, time, wait, transfers, error, intervals } = vertices[row.place];
  const start = startOf(vertices[row.place]);
  return [
    start === undefined
      ? stateWords[state]
      : `${stateWords[state]} · ${formatTime(time)} · from ${formatTime(start)} to ${formatTime(endOf(vertices[row.place]))}`,
    intervals.length > 1 ? `in ${intervals.length} parts` : "",
    waitWords(wait),
    ...transfers
      .slice(0, 4)
      .map(
        ({ kind, bytes, start: from, end }) =>
          `${transferKinds[kind]}: ${formatBytes(bytes)} ${formatSpeed(bytes, end - from)}`,
      ),
    transfers.length > 4 ? `and ${plural(transfers.length - 4, "transfer")} more` : "",
    error ?? "",
  ].filter((line) => line !== "");
};

const waitWords = (wait) => {
  if (wait === undefined) return "";
  const meanwhile = wait.running === 0 ? "nothing else ran" : `${plural(wait.running, "other step")} ran`;
  return `waited ${formatTime(wait.to - wait.from)} for its turn: ${meanwhile}`;
};

const showTip = (index, x, y) => {
  const row = timeline.rows[index];
  if (row === undefined) return hideTip();
  tip.replaceChildren(
    h("p", { class: "name" }, row.kind === "vertex" ? vertices[row.place].name : row.name),
    ...tipLines(row).map((line) => h("p", {}, line)),
  );
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - width - 8))}px`;
  tip.style.top = `${y + 18 + height > innerHeight ? Math.max(8, y - height - 12) : y + 18}px`;
};

/** The same for keys: at the row itself. */
const showTipAt = (index) => {
  const box = find(`row-${index}`)?.getBoundingClientRect();
  if (box !== undefined) showTip(index, box.left + timeline.labels, box.bottom - 14);
};

const indexOf = (event) => {
  const row = event.target.closest?.(".row");
  return row === null || row === undefined ? undefined : Number(row.dataset.index);
};

const trackX = (event) => event.clientX - find("axis").getBoundingClientRect().left;

const keys = {
  ArrowDown: () => activate(timeline.active + 1),
  ArrowUp: () => activate(timeline.active - 1),
  PageDown: () => activate(timeline.active + 15),
  PageUp: () => activate(timeline.active - 15),
  Home: () => activate(0),
  End: () => activate(timeline.rows.length - 1),
  ArrowLeft: () => pan(-0.15),
  ArrowRight: () => pan(0.15),
  "+": () => zoom(1.6),
  "=": () => zoom(1.6),
  "-": () => zoom(1 / 1.6),
  0: () => setRange(0, data.time),
  Enter: () => choose(timeline.active),
  " ": () => choose(timeline.active),
  Escape: () => hideTip(),
};

const onWheel = (event) => {
  const across = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
  if (event.ctrlKey || event.metaKey) zoom(Math.exp(-event.deltaY / 300), toTime(trackX(event)));
  else if (Math.abs(across) > Math.abs(event.shiftKey ? 0 : event.deltaY)) pan(across / timeline.width);
  else return;
  event.preventDefault();
};

/** Dragging moves in time; a click that does not move chooses. */
const listenForDrag = () => {
  let drag;
  timeline.box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    drag = { x: event.clientX, from: view.from, to: view.to, moved: false };
  });
  addEventListener("pointermove", (event) => {
    if (drag === undefined) return;
    const by = event.clientX - drag.x;
    if (!drag.moved && Math.abs(by) < 5) return;
    drag.moved = true;
    timeline.box.classList.add("dragged");
    const time = (by / timeline.width) * (drag.to - drag.from);
    setRange(drag.from - time, drag.to - time);
  });
  addEventListener("pointerup", () => {
    timeline.box.classList.remove("dragged");
    if (drag?.moved)
      timeline.box.addEventListener("click", (event) => event.stopImmediatePropagation(), {
        capture: true,
        once: true,
      });
    // A drag that ends elsewhere has no click, and the next one must count.
    drag = undefined;
  });
};

const listenToTimeline = () => {
  const { box } = timeline;
  box.addEventListener("scroll", () => {
    hideTip();
    drawRows();
  });
  box.addEventListener("wheel", onWheel, { passive: false });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys[event.key] === undefined) return;
    event.preventDefault();
    keys[event.key]();
  });
  listenForDrag();
  box.addEventListener("click", (event) => {
    const index = indexOf(event);
    if (index === undefined) return;
    timeline.active = index;
    choose(index);
    drawRows();
  });
  box.addEventListener("mousemove", (event) => {
    const index = indexOf(event);
    if (index === undefined || event.buttons !== 0) hideTip();
    else showTip(index, event.clientX, event.clientY);
  });
  box.addEventListener("mouseleave", hideTip);
  box.addEventListener("blur", hideTip);
  new ResizeObserver(draw).observe(box);
};

const listenToTools = () => {
  find("zoom-in").addEventListener("click", () => zoom(1.6));
  find("zoom-out").addEventListener("click", () => zoom(1 / 1.6));
  find("zoom-all").addEventListener("click", () => setRange(0, data.time));
  find("row-search").addEventListener("input", (event) => {
    view.search = event.target.value.trim();
    resetRows();
  });
  find("row-filter").addEventListener("change", (event) => {
    view.only = event.target.value;
    resetRows();
  });
  find("row-order").addEventListener("change", (event) => {
    view.order = event.target.value;
    resetRows();
  });
};

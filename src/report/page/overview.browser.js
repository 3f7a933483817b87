// All of the build at a glance: bars packed into lanes, and the part of the time that the timeline shows.
const overview = { canvas: find("overview"), lanes: [], count: 1, drag: undefined };

/** Puts each interval into the first lane that is free. */
const packLanes = () => {
  const bars = vertices.flatMap((vertex, place) =>
    vertex.intervals.map(([start, end]) => ({ start, end, state: vertex.state, place })),
  );
  bars.sort((a, b) => a.start - b.start);
  const ends = [];
  for (const bar of bars) {
    if (bar.end - bar.start < data.time / 2000) {
      overview.lanes.push({ ...bar, lane: 0 });
      continue;
    }
    const free = ends.findIndex((end) => end <= bar.start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = bar.end;
    overview.lanes.push({ ...bar, lane });
  }
  overview.count = Math.max(1, ends.length);
};

/** A colour of the page's style as a canvas takes it: of the theme that is seen. */
const colorOf = (name) => {
  const { canvas } = overview;
  canvas.style.color = `var(--${name})`;
  return getComputedStyle(canvas).color;
};

const drawOverview = () => {
  const { canvas, lanes, count } = overview;
  const { width, height } = canvas.getBoundingClientRect();
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  const colors = Object.fromEntries(
    [...Object.keys(stateWords), "shade", "accent"].map((name) => [name, colorOf(name)]),
  );
  const lane = Math.min(14, (height - 6) / count);
  const x = (time) => (time / Math.max(1, data.time)) * width;
  for (const { start, end, state, lane: at } of lanes) {
    context.fillStyle = colors[state];
    context.fillRect(
      x(start),
      3 + at * lane,
      Math.max(1, x(end) - x(start) - 0.5),
      Math.max(0.5, lane - (lane > 3 ? 1 : 0)),
    );
  }
  const [from, to] = [x(view.from), x(view.to)];
  context.fillStyle = colors.shade;
  context.fillRect(0, 0, from, height);
  context.fillRect(to, 0, width - to, height);
  if (to - from < width - 1) {
    context.strokeStyle = colors.accent;
    context.lineWidth = 2;
    context.strokeRect(from + 1, 1, Math.max(2, to - from - 2), height - 2);
  }
};

const listenToOverview = () => {
  const { canvas } = overview;
  const timeAt = (event) => {
    const { left, width } = canvas.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width)) * data.time;
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    overview.drag = timeAt(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (overview.drag === undefined) return;
    const [from, to] = [overview.drag, timeAt(event)].sort((a, b) => a - b);
    if (to - from > data.time / 200) setRange(from, to);
  });
  canvas.addEventListener("pointerup", (event) => {
    const at = timeAt(event);
    // A click brings what is under it into the middle.
    if (Math.abs(at - overview.drag) <= data.time / 200)
      setRange(at - (view.to - view.from) / 2, at + (view.to - view.from) / 2);
    overview.drag = undefined;
  });
  canvas.addEventListener("dblclick", () => setRange(0, data.time));
};

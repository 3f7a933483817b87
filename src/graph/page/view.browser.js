// Moves a drawing about in its stage: mouse, trackpad, fingers.

const smallest = 0.01;
const largest = 4;
const margin = 24;

/** `world` is a group of the size `width` by `height` in an svg that fills `stage`; `onDraw` gets each frame's place. */
function moveAbout({ stage, world, width, height, covered, onDraw }) {
  let scale = 1;
  let x = 0;
  let y = 0;
  let asked = false;
  let touched = false;

  const draw = () => {
    asked = false;
    const { width: wide, height: high } = stage.getBoundingClientRect();
    world.setAttribute("transform", `matrix(${scale} 0 0 ${scale} ${x} ${y})`);
    onDraw({ scale, x, y, width: wide, height: high });
  };
  const soon = () => {
    if (!asked) requestAnimationFrame(draw);
    asked = true;
  };
  /** What of the stage is seen: in small windows the panel lies over it. */
  const box = () => {
    const { width: wide, height: high } = stage.getBoundingClientRect();
    return { width: wide, height: Math.max(80, high - covered()) };
  };

  const zoom = (factor, at) => {
    const { width: wide, height: high } = box();
    const [px, py] = at ?? [wide / 2, high / 2];
    const next = Math.min(largest, Math.max(smallest, scale * factor));
    x = px - ((px - x) * next) / scale;
    y = py - ((py - y) * next) / scale;
    scale = next;
    touched = true;
    soon();
  };
  const pan = (dx, dy) => {
    x += dx;
    y += dy;
    touched = true;
    soon();
  };
  const fit = () => {
    const { width: wide, height: high } = box();
    const across = (wide - 2 * margin) / Math.max(width, 1);
    const down = (high - 2 * margin) / Math.max(height, 1);
    scale = Math.min(1.25, Math.max(smallest, Math.min(across, down)));
    x = (wide - width * scale) / 2;
    y = Math.max(margin, (high - height * scale) / 2);
    touched = false;
    soon();
  };
  /** Brings a part of the drawing into the middle, large enough to read. */
  const show = (part, force) => {
    const { width: wide, height: high } = box();
    const left = part.x * scale + x;
    const top = part.y * scale + y;
    const isSeen =
      left > margin &&
      top > margin &&
      left + part.width * scale < wide - margin &&
      top + part.height * scale < high - margin;
    if (isSeen && scale >= 0.45 && !force) return;
    scale = Math.max(scale, 0.8);
    x = wide / 2 - (part.x + part.width / 2) * scale;
    y = high / 2 - (part.y + part.height / 2) * scale;
    touched = true;
    soon();
  };

  new ResizeObserver(() => {
    if (touched) soon();
    else fit();
  }).observe(stage);

  fit();
  const toDrawing = ([px, py]) => [(px - x) / scale, (py - y) / scale];
  return { zoom, pan, fit, show, redraw: soon, toDrawing, scale: () => scale };
}

/** Gives what wheels, trackpads and fingers do to a view; the answer tells whether the last press moved it. */
function listenToGestures(stage, { zoom, pan }) {
  const within = ([x, y]) => {
    const { left, top } = stage.getBoundingClientRect();
    return [x - left, y - top];
  };
  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 18 : 1;
      // A wheel turns in large even steps; fingers on a trackpad move in small ones, and pinch with ctrl.
      const isWheel = event.deltaX === 0 && Math.abs(event.deltaY * unit) >= 40 && Number.isInteger(event.deltaY);
      if (!event.ctrlKey && !isWheel) return pan(-event.deltaX * unit, -event.deltaY * unit);
      const speed = event.ctrlKey && !isWheel ? 0.01 : 0.0016;
      zoom(Math.exp(-event.deltaY * unit * speed), within([event.clientX, event.clientY]));
    },
    { passive: false },
  );
  const fingers = new Map();
  let moved = 0;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("button") !== null) return;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (fingers.size === 1) moved = 0;
  });
  stage.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const now = [event.clientX, event.clientY];
    const other = [...fingers].find(([finger]) => finger !== event.pointerId)?.[1];
    fingers.set(event.pointerId, now);
    const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
    moved += Math.abs(dx) + Math.abs(dy);
    // Captured only now: a press that moves nothing is a click on what is under it.
    if (moved > 4) stage.setPointerCapture(event.pointerId);
    if (moved <= 4) return;
    if (other === undefined) return pan(dx, dy);
    const distance = (from) => Math.max(1, Math.hypot(from[0] - other[0], from[1] - other[1]));
    zoom(distance(now) / distance(before), within([(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]));
    pan(dx / 2, dy / 2);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    stage.addEventListener(name, (event) => fingers.delete(event.pointerId));
  }
  return { wasMoved: () => moved > 4, within };
}

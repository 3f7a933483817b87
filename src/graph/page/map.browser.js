// What a large drawing needs: only what is in sight is in the svg, and from afar a canvas shows everything at once.

/** Below this scale nothing can be read, and a map is drawn instead. */
const mapScale = 0.3;

/** Boxes and edges of a drawing with their places, as they are written in it. */
function readDrawing(parts) {
  const boxes = [...parts.querySelectorAll(".vertex, .result")].map((node) => {
    const [x, y, width, height] = node.dataset.box.split(" ").map(Number);
    const look = [...node.classList].find((name) => name !== "vertex" && name !== "critical");
    const place = { x, y, width, height, right: x + width, bottom: y + height };
    return { node, n: Number(node.dataset.n), result: resultOf(node.id), look, ...place };
  });
  const edges = [...parts.querySelectorAll(".edge")].map((node) => {
    const points = pointsOf(node.querySelector(".line").getAttribute("d"));
    const { from, to } = node.dataset;
    return { node, from: Number(from), to: Number(to), result: resultOf(to), points, ...bounds(points) };
  });
  return { boxes, edges };
}

/** The place of a result among them, of its id `r0`. */
function resultOf(id) {
  return id.startsWith("r") ? Number(id.slice(1)) : undefined;
}

/** Where a path of M, H, V and C leads, without its curves. */
function pointsOf(path) {
  const points = [];
  let [x, y] = [0, 0];
  for (const [, command, text] of path.matchAll(/([MHVC])([^MHVC]*)/g)) {
    const numbers = text.trim().split(/\s+/).map(Number);
    if (command !== "V") x = command === "H" ? numbers[0] : numbers.at(-2);
    if (command !== "H") y = numbers.at(-1);
    points.push([x, y]);
  }
  return points;
}

/** The rectangle around points; curves between layers stay within that of their ends. */
function bounds(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { x: Math.min(...xs), y: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** The box at a point, with some room around those that are small on the screen. */
function boxAt({ boxes }, x, y, scale) {
  const room = Math.max(0, 3 / scale - 3);
  return boxes.findLast(
    (box) => x >= box.x - room && y >= box.y - room && x <= box.right + room && y <= box.bottom + room,
  );
}

/** Puts what is in sight into `world`, and takes out what is not; `dress` gives it its classes. */
function makeSight({ boxes, edges }, world, dress) {
  const shown = new Set();
  const [below, above] = [".edges", ".vertices"].map((name) => world.querySelector(name));
  const show = (seen) => {
    for (const part of [...boxes, ...edges]) {
      const isIn =
        seen !== undefined &&
        part.right >= seen.x &&
        part.x <= seen.right &&
        part.bottom >= seen.y &&
        part.y <= seen.bottom;
      if (isIn === shown.has(part)) continue;
      if (!isIn) {
        part.node.remove();
        shown.delete(part);
        continue;
      }
      dress(part);
      (part.points === undefined ? above : below).append(part.node);
      shown.add(part);
    }
  };
  return { show, dressAll: () => shown.forEach(dress) };
}

/** Lines for a canvas, some hundred in each path: one path of all takes a browser longer. */
function linesOf(edges) {
  const paths = [];
  for (const [at, { points }] of edges.entries()) {
    if (at % 200 === 0) paths.push(new Path2D());
    const path = paths.at(-1);
    for (const [index, [x, y]] of points.entries()) index === 0 ? path.moveTo(x, y) : path.lineTo(x, y);
  }
  return paths;
}

/** Draws everything on the canvas; `stateOf` and `edgeStateOf` tell what stands out and what steps back, `change` that they do so anew. */
function makeMap(canvas, { boxes, edges }, { stateOf, edgeStateOf }) {
  const context = canvas.getContext("2d");
  let lines;
  const resize = (width, height) => {
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
  };
  const draw = ({ scale, x, y, width, height, colors, isSearch }) => {
    const density = devicePixelRatio;
    resize(Math.round(width * density), Math.round(height * density));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(density * scale, 0, 0, density * scale, x * density, y * density);
    const pixel = 1 / scale;
    lines ??= new Map([...Map.groupBy(edges, edgeStateOf)].map(([state, group]) => [state, linesOf(group)]));
    const stroke = (state, color, thick, alpha) => {
      context.globalAlpha = alpha;
      context.strokeStyle = color;
      context.lineWidth = thick * pixel;
      for (const path of lines.get(state) ?? []) context.stroke(path);
    };
    stroke("out", colors.edge, 0.5, 0.12);
    stroke("plain", colors.edge, 0.7, 0.55);
    stroke("strong", colors.accent, 1.5, 1);
    for (const box of boxes) {
      const state = stateOf(box);
      const room = state === "chosen" ? 3 * pixel : state === "hit" ? 2 * pixel : 0;
      const high = Math.max(box.height, 2 * pixel);
      context.globalAlpha = state === "out" ? 0.12 : state === "plain" && isSearch ? 0.4 : 1;
      if (room > 0) {
        context.fillStyle = state === "chosen" ? colors.accent : colors.hit;
        context.fillRect(box.x - room, box.y - room, box.width + 2 * room, high + 2 * room);
      }
      context.fillStyle = colors[box.look];
      context.fillRect(box.x, box.y, box.width, high);
    }
  };
  const change = () => {
    lines = undefined;
  };
  return { draw, change };
}

/** Colours of the page as a canvas takes them: those of `.color-NAME` elements. */
function readColors(names) {
  const probe = document.createElement("i");
  document.body.append(probe);
  const colors = names.map((name) => {
    probe.className = `color ${name}`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(colors);
}

// What a large drawing needs: only what is in sight is in the svg, and from afar a canvas shows everything at once.

/** Below this scale nothing can be read, and a map is drawn instead. */
const mapScale = 0.3;

/** Boxes and edges of a drawing with their places, as they are written in it. */
function readDrawing(svg) {
  const boxes = [...svg.querySelectorAll(".vertex, .result")].map((node) => {
    const [x, y, width, height] = node.dataset.box.split(" ").map(Number);
    const look = [...node.classList].find((name) => name !== "vertex" && name !== "critical");
    return { node, n: Number(node.dataset.n), look, x, y, width, height, right: x + width, bottom: y + height };
  });
  const edges = [...svg.querySelectorAll(".edge")].map((node) => {
    const line = node.querySelector(".line").getAttribute("d");
    return { node, from: Number(node.dataset.from), to: Number(node.dataset.to), line, ...bounds(line) };
  });
  return { boxes, edges };
}

/** The rectangle around a path of M, H, V and C. */
function bounds(path) {
  const xs = [];
  const ys = [];
  for (const [, command, numbers] of path.matchAll(/([MHVC])([^MHVC]*)/g)) {
    for (const [at, text] of numbers.trim().split(/\s+/).entries()) {
      if (command === "H" || (command !== "V" && at % 2 === 0)) xs.push(Number(text));
      else ys.push(Number(text));
    }
  }
  return { x: Math.min(...xs), y: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** The box at a point, with some room around those that are small on the screen. */
function boxAt({ boxes }, x, y, scale) {
  const room = Math.max(0, 3 / scale - 3);
  return boxes.findLast(
    (box) => x >= box.x - room && y >= box.y - room && x <= box.right + room && y <= box.bottom + room,
  );
}

/** Marks what is in sight as `on`, which is all that the browser lays out and paints. */
function makeSight({ boxes, edges }) {
  const shown = new Set();
  return (seen) => {
    for (const part of [...boxes, ...edges]) {
      const isIn =
        seen !== undefined &&
        part.right >= seen.x &&
        part.x <= seen.right &&
        part.bottom >= seen.y &&
        part.y <= seen.bottom;
      if (isIn === shown.has(part)) continue;
      part.node.classList.toggle("on", isIn);
      if (isIn) shown.add(part);
      else shown.delete(part);
    }
  };
}

/** Draws everything on the canvas; `stateOf` and `edgeStateOf` tell what stands out and what steps back. */
function makeMap(canvas, { boxes, edges }) {
  const context = canvas.getContext("2d");
  const paths = edges.map(({ line }) => new Path2D(line));
  return ({ scale, x, y, width, height, colors, stateOf, edgeStateOf }) => {
    const density = devicePixelRatio;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    context.setTransform(density * scale, 0, 0, density * scale, x * density, y * density);
    const pixel = 1 / scale;
    const lines = { out: new Path2D(), plain: new Path2D(), strong: new Path2D() };
    for (const [at, edge] of edges.entries()) lines[edgeStateOf(edge)].addPath(paths[at]);
    const stroke = (path, color, thick, alpha) => {
      context.globalAlpha = alpha;
      context.strokeStyle = color;
      context.lineWidth = thick * pixel;
      context.stroke(path);
    };
    stroke(lines.out, colors.edge, 0.5, 0.12);
    stroke(lines.plain, colors.edge, 0.7, 0.55);
    stroke(lines.strong, colors.accent, 1.5, 1);
    for (const box of boxes) {
      const state = stateOf(box);
      const room = state === "chosen" ? 3 * pixel : state === "hit" ? 2 * pixel : 0;
      context.globalAlpha = state === "out" ? 0.12 : 1;
      if (room > 0) {
        context.fillStyle = state === "chosen" ? colors.accent : colors.hit;
        context.fillRect(box.x - room, box.y - room, box.width + 2 * room, Math.max(box.height, 2 * pixel) + 2 * room);
      }
      context.fillStyle = colors[box.look];
      context.fillRect(box.x, box.y, box.width, Math.max(box.height, 2 * pixel));
    }
  };
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

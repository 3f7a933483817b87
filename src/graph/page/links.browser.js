// The graph as the page knows it: who uses what, what leads to what, what a search finds.

/** Vertices by number, with their users and the results that they are part of. */
function linkGraph({ vertices, results }) {
  const byNumber = new Map();
  for (const vertex of vertices) byNumber.set(vertex.n, { ...vertex, users: [], results: new Set() });
  for (const { n, inputs } of vertices) for (const input of inputs) byNumber.get(input.n).users.push({ ...input, n });
  for (const [at, result] of results.entries()) {
    for (const n of reach(byNumber, result.inputs, "inputs")) byNumber.get(n).results.add(at);
  }
  for (const vertex of byNumber.values()) {
    const place = vertex.locations.map(([file, line]) => `${file}:${line}`);
    const lines = vertex.lines.map(([label, text]) => `${label} ${text}`);
    const all = [`#${vertex.n}`, vertex.kind, vertex.name, vertex.digest, vertex.platform ?? "", ...place, ...lines];
    vertex.text = [...all, ...vertex.caps].join("\n").toLowerCase();
  }
  return byNumber;
}

/** Those that can be reached over `inputs` or `users`, the start among them. */
function reach(byNumber, start, side) {
  const found = new Set(start);
  for (const n of found) for (const next of byNumber.get(n)[side]) found.add(next.n);
  return found;
}

/** Numbers of the vertices that have every word, in order. */
function search(byNumber, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return [...byNumber.values()].filter(({ text }) => words.every((word) => text.includes(word))).map(({ n }) => n);
}

/** An element with attributes and children; texts are texts, so nothing of a graph becomes markup. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

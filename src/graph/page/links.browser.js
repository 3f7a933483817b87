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
    const all = [`#${vertex.n}`, vertex.kind, vertex.name, vertex.platform ?? "", ...place, ...lines];
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

/**
 * Numbers of the vertices that have the words as they stand, else of those that have each of them somewhere; of a digest
 * its beginning finds it.
 */
function search(byNumber, query) {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const words = wanted.split(/\s+/);
  const start = wanted.replace(/^sha256:/, "");
  const isDigest = /^[0-9a-f]{6,}$/.test(start);
  const all = [...byNumber.values()];
  const find = (fits) => all.filter(fits).map(({ n }) => n);
  const exact = find(({ text, digest }) => text.includes(wanted) || (isDigest && digest.slice(7).startsWith(start)));
  return exact.length > 0 ? exact : find(({ text }) => words.every((word) => text.includes(word)));
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

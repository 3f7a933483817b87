// Which rows the timeline has: sections, progress groups and vertices, filtered and in order.
const view = {
  from: 0,
  to: Math.max(1, data.time),
  order: "start",
  search: "",
  only: "all",
  closed: new Set(),
};
const onPath = new Set(data.criticalPath);

/** Groups are closed where there is much else to see. */
const mostOpenRows = 80;
const groupKey = (vertex) => `${vertex.section} ${vertex.group}`;
if (vertices.length > mostOpenRows) {
  for (const vertex of vertices) if (vertex.group !== undefined) view.closed.add(groupKey(vertex));
}

const filters = {
  all: () => true,
  ran: ({ state }) => state !== "cached" && state !== "waiting",
  cached: ({ state }) => state === "cached",
  failed: ({ state }) => state === "failed" || state === "canceled",
  waited: ({ wait }) => wait !== undefined,
  moved: ({ transfers }) => transfers.length > 0,
  path: (_, place) => onPath.has(place),
};

const matchesSearch = ({ name, error = "", group, digest }) => {
  const words = view.search.toLowerCase();
  return (
    words === "" || [name, error, data.groups[group] ?? "", digest].some((text) => text.toLowerCase().includes(words))
  );
};

const isShown = (place) => filters[view.only](vertices[place], place) && matchesSearch(vertices[place]);

/** How long at least one of several vertices ran, as the terminal says it of a group. */
const timeTogether = (times) => {
  let end = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const [from, to] of [...times].sort((a, b) => a[0] - b[0])) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
};

/** What is drawn for several vertices together. */
const spanOf = (places) => {
  const times = places.flatMap((place) => vertices[place].intervals);
  return {
    start: Math.min(...times.map(([start]) => start)),
    end: Math.max(...times.map(([, end]) => end)),
    time: timeTogether(times),
  };
};

const stateOfAll = (places) => {
  const states = new Set(places.map((place) => vertices[place].state));
  return ["failed", "canceled", "done", "cached", "waiting"].find((state) => states.has(state)) ?? "waiting";
};

const groupRow = (section, group, places) => {
  const key = `${section} ${group}`;
  return {
    kind: "group",
    key,
    name: data.groups[group],
    places,
    state: stateOfAll(places),
    open: !view.closed.has(key),
    ...spanOf(places),
  };
};

const sectionRows = (section) => {
  const places = [...vertices.keys()].filter((place) => vertices[place].section === section && isShown(place));
  const members = new Map();
  for (const place of places) {
    const { group } = vertices[place];
    if (group !== undefined) members.set(group, [...(members.get(group) ?? []), place]);
  }
  const rows = [];
  for (const place of places) {
    const { group } = vertices[place];
    const together = members.get(group);
    if (together === undefined || together.length < 2) rows.push({ kind: "vertex", place, time: vertices[place].time });
    else if (together[0] === place) rows.push(groupRow(section, group, together));
  }
  if (view.order === "time") rows.sort((a, b) => b.time - a.time);
  const inner = rows.flatMap((row) => {
    if (row.kind !== "group" || !row.open) return [row];
    const inside = row.places.map((place) => ({ kind: "vertex", place, inside: true, time: vertices[place].time }));
    if (view.order === "time") inside.sort((a, b) => b.time - a.time);
    return [row, ...inside];
  });
  if (data.sections.length < 2 || places.length === 0) return inner;
  return [{ kind: "section", name: data.sections[section], places, ...spanOf(places) }, ...inner];
};

const makeRows = () => data.sections.flatMap((_, section) => sectionRows(section));

// What is told of one vertex, or of the whole graph when none is chosen.

const excerptLines = 3;

/** A button that leads to another vertex. */
function vertexLink(vertex, go, note) {
  return element(
    "button",
    { type: "button", class: `link ${vertex.look}`, onclick: () => go(vertex.n) },
    element("span", { class: "number" }, `#${vertex.n}`),
    element("span", { class: "label" }, vertex.label),
    note ? element("span", { class: "muted" }, note) : null,
  );
}

function section(title, ...children) {
  return element("section", {}, element("h3", {}, title), ...children);
}

/** The line of a script and those around it. */
function excerpt(source, line) {
  const lines = source.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const first = Math.max(1, line - excerptLines);
  const last = Math.min(lines.length, line + excerptLines);
  const rows = lines.slice(first - 1, last).map((text, at) => {
    const here = first + at === line;
    const number = element("span", { class: "gutter" }, String(first + at).padStart(String(last).length));
    return element("span", { class: here ? "row here" : "row" }, number, text.replace(/\r$/, "") || " ");
  });
  return element("pre", { class: "code", tabindex: "0", "aria-label": `Line ${line}` }, ...rows);
}

function scriptSection({ locations }, sources) {
  if (locations.length === 0) return null;
  const calls = locations.map(([file, line], at) => {
    const source = sources[file];
    return element(
      "details",
      { open: at === 0 },
      element("summary", {}, `${file}:${line}`),
      source === undefined ? element("p", { class: "muted" }, "The Definition does not have this file.") : null,
      source === undefined ? null : excerpt(source, line),
    );
  });
  return section(calls.length > 1 ? "Script, and the calls that led there" : "Script", ...calls);
}

function optionsSection({ lines }) {
  if (lines.length === 0) return null;
  const terms = [...Map.groupBy(lines, ([label]) => label)].flatMap(([label, group]) => [
    element("dt", {}, label),
    ...group.map(([, text]) => element("dd", {}, element("code", {}, text))),
  ]);
  return section("Options", element("dl", {}, ...terms));
}

function runSection({ n, run }, trace) {
  if (trace === undefined) return null;
  if (run === undefined)
    return section("In the trace", element("p", { class: "muted" }, "No run of this vertex is in the trace."));
  const said = { cached: "came from the cache", failed: "failed", unfinished: "had not ended", ran: `ran ${run.text}` };
  const critical = trace.critical.includes(n) ? ", on the critical path" : "";
  return section(
    "In the trace",
    element("p", { class: `run ${run.state}` }, `${said[run.state]}${critical}`),
    element("p", { class: "muted" }, `started ${run.startText} after the first`),
    run.error === undefined ? null : element("pre", { class: "error" }, run.error),
  );
}

function digestSection({ digest }) {
  const done = element("output", { class: "muted" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(digest);
      done.textContent = "copied";
    } catch {
      // Without permission there is the old way: it is selected, to be copied by hand.
      getSelection().selectAllChildren(document.getElementById("digest"));
      done.textContent = document.execCommand("copy") ? "copied" : "selected";
    }
  };
  return section(
    "Digest",
    element("p", { class: "digest" }, element("code", { id: "digest" }, digest)),
    element("p", {}, element("button", { type: "button", id: "copy", onclick: copy }, "Copy digest"), " ", done),
  );
}

/** Everything about a vertex. */
function vertexPanel(vertex, { byNumber, results, sources, trace, go, close, trails }) {
  const links = (ends) => ends.map(({ n, as }) => element("li", {}, vertexLink(byNumber.get(n), go, as)));
  const made = [...vertex.results].map((at) => results[at].name ?? "result");
  const trail = (name, text) =>
    element(
      "button",
      {
        type: "button",
        id: `trail-${name}`,
        "aria-pressed": String(trails.shown === name),
        onclick: () => trails.toggle(name),
      },
      text,
    );
  return [
    element(
      "header",
      {},
      element("p", { class: `kind ${vertex.look}` }, `#${vertex.n} ${vertex.kind}`),
      vertex.platform === undefined ? null : element("p", { class: "muted" }, vertex.platform),
      element("button", { type: "button", class: "close", "aria-label": "Close", onclick: close }, "×"),
    ),
    element("h2", { class: "name" }, vertex.name),
    element(
      "p",
      { class: "trails" },
      trail("inputs", "All it needs"),
      trail("users", made.length > 0 ? "Path to result" : "All that needs it"),
    ),
    runSection(vertex, trace),
    scriptSection(vertex, sources),
    optionsSection(vertex),
    vertex.inputs.length === 0 ? null : section("Inputs", element("ul", { id: "inputs" }, ...links(vertex.inputs))),
    vertex.users.length === 0 ? null : section("Used by", element("ul", { id: "users" }, ...links(vertex.users))),
    made.length === 0
      ? null
      : section(made.length > 1 ? "Part of the results" : "Part of the result", element("p", {}, made.join(", "))),
    digestSection(vertex),
    vertex.caps.length === 0
      ? null
      : element(
          "details",
          {},
          element("summary", {}, `Caps of the daemon that it needs: ${vertex.caps.length}`),
          element("p", {}, element("code", {}, vertex.caps.join("\n"))),
        ),
  ].filter((part) => part !== null);
}

function traceSections({ trace, byNumber, go }) {
  if (trace === undefined) return [];
  const runs = [...byNumber.values()].filter(({ run }) => run !== undefined);
  const cached = runs.filter(({ run }) => run.state === "cached").length;
  const slowest = runs
    .filter(({ run }) => run.state !== "cached" && run.duration > 0)
    .sort((left, right) => right.run.duration - left.run.duration)
    .slice(0, 8);
  const list = (vertices, id) =>
    element("ol", { id }, ...vertices.map((vertex) => element("li", {}, vertexLink(vertex, go, vertex.run.text))));
  const matched = [
    `${trace.byDigest} of ${trace.byDigest + trace.byName + trace.missing} vertices by their digest`,
    ...(trace.byName > 0 ? [`${trace.byName} by their names`] : []),
    ...(trace.missing > 0 ? [`${trace.missing} not at all`] : []),
  ];
  const critical = trace.critical
    .flatMap((n) => byNumber.get(n) ?? [])
    .filter(({ run }) => run?.state !== "cached" && run?.duration > 0);
  return [
    section(
      "Trace",
      element("p", {}, `The build took ${trace.total}; ${cached} of ${runs.length} came from the cache.`),
      element("p", { class: "muted" }, `Found in the trace: ${matched.join(", ")}.`),
    ),
    ...(critical.length === 0 ? [] : [section(`Critical path, ${trace.criticalDuration}`, list(critical, "critical"))]),
    ...(slowest.length === 0 ? [] : [section("Slowest", list(slowest, "slowest"))]),
  ];
}

/** What is there when no vertex is chosen. */
function overviewPanel({ title, summary, results, byNumber, edgeStyles, trace, go, close }) {
  const ends = results.map(({ name, inputs }) =>
    inputs.length === 0
      ? element("li", {}, `${name ?? "result"}: scratch`)
      : element("li", {}, ...inputs.map((n) => vertexLink(byNumber.get(n), go, name ?? "result"))),
  );
  const lines = [
    ["base", "its base"],
    ["mount", "mounted"],
    ["copy", "copied from"],
    ["use", "another input"],
    ["indirect", "through what a filter left out"],
  ].filter(([style]) => edgeStyles.has(style));
  const legend = lines.map(([style, text]) => element("li", {}, element("span", { class: `stroke ${style}` }), text));
  return [
    element(
      "header",
      {},
      element("h2", {}, title),
      element("button", { type: "button", class: "close narrow", "aria-label": "Close", onclick: close }, "×"),
    ),
    element("p", { class: "muted" }, summary),
    ...traceSections({ trace, byNumber, go }),
    ends.length === 0 ? null : section(ends.length > 1 ? "Results" : "Result", element("ul", {}, ...ends)),
    legend.length === 0 ? null : section("Lines", element("ul", { class: "legend" }, ...legend)),
    element(
      "p",
      { class: "muted" },
      "Choose a vertex to see what it does. ",
      element("kbd", {}, "?"),
      " shows the keys.",
    ),
  ].filter((part) => part !== null);
}

// Everything about one step, beside the page.
const stepPanel = { element: find("step"), place: undefined, opener: undefined };

const field = (label, ...content) => h("div", { class: "field" }, h("dt", {}, label), h("dd", {}, content));

const detailText = (detail) => {
  if ("value" in detail) return String(detail.value);
  if ("values" in detail) return detail.values.join("\n");
  const fields = (entry) =>
    Object.entries(entry).map(([key, value]) => `${key}=${Array.isArray(value) ? value.join(",") : value}`);
  return "fields" in detail
    ? fields(detail.fields).join("\n")
    : detail.entries.map((entry) => fields(entry).join(" ")).join("\n");
};

const longestDetail = 4000;
const cutText = (text) => (text.length > longestDetail ? `${text.slice(0, longestDetail)}…` : text);

const stepTimes = (vertex) => {
  const start = startOf(vertex);
  if (start === undefined) return [field("Time", "it did not run")];
  const parts = vertex.intervals.length > 1 ? `, in ${vertex.intervals.length} parts` : "";
  return [
    field("Time", `${formatTime(vertex.time)}${parts}`),
    field("From, to", `${formatTime(start)} – ${formatTime(endOf(vertex))}`),
    vertex.wait === undefined
      ? ""
      : field(
          "Waited",
          `${formatTime(vertex.wait.to - vertex.wait.from)} after its last input, `,
          vertex.wait.input === undefined ? "" : stepLink(vertex.wait.input),
          `, while ${plural(vertex.wait.running, "other step")} ran`,
        ),
  ];
};

const workTable = ({ transfers, phases }) => {
  const rows = [...transfers, ...phases].sort((a, b) => a.start - b.start);
  if (rows.length === 0) return [];
  return [
    h("h3", {}, "Parts of its work"),
    h(
      "table",
      { class: "work" },
      h(
        "tbody",
        {},
        rows
          .slice(0, 60)
          .map(({ id, bytes, start, end }) =>
            h(
              "tr",
              {},
              h("td", {}, shortDigest(id)),
              h("td", {}, bytes ? formatBytes(bytes) : ""),
              h("td", {}, formatTime(end - start)),
              h("td", {}, bytes ? formatSpeed(bytes, end - start) : ""),
            ),
          ),
      ),
    ),
  ];
};

const linkList = (title, places, roles = []) => {
  if (places.length === 0) return [];
  const item = (place, index) =>
    h(
      "li",
      {},
      h("span", { class: `mark ${vertices[place].state}` }, stateMarks[vertices[place].state]),
      stepLink(place),
      roles[index]?.length ? h("span", { class: "muted" }, roles[index].join(", ")) : "",
      h("span", { class: "muted" }, formatTime(vertices[place].time)),
    );
  return [
    h("h3", {}, title),
    h(
      "ul",
      { class: "links" },
      places.slice(0, 30).map(item),
      places.length > 30 ? h("li", { class: "muted" }, `and ${places.length - 30} more`) : "",
    ),
  ];
};

const stepView = (place) => {
  const vertex = vertices[place];
  const users = [...vertices.keys()].filter((other) => vertices[other].inputs.includes(place));
  const group = data.groups[vertex.group];
  const section = data.sections[vertex.section];
  return [
    h("p", { class: `state ${vertex.state}` }, `${stateMarks[vertex.state]} ${stateWords[vertex.state]}`),
    h("h2", { id: "step-name", tabIndex: -1 }, vertex.name),
    vertex.error === undefined ? "" : h("pre", { class: "message" }, vertex.error),
    h(
      "dl",
      {},
      stepTimes(vertex),
      section ? field("For", section) : "",
      group === undefined ? "" : field("Group", group),
      vertex.platform === undefined ? "" : field("Platform", vertex.platform),
      field("Digest", h("code", {}, vertex.digest)),
    ),
    ...(vertex.excerpts ?? []).slice(0, 1).flatMap((excerpt) => [h("h3", {}, "Script"), excerptView(excerpt)]),
    ...(vertex.excerpts ?? [])
      .slice(1)
      .map(({ file, line, first, text }) =>
        h("p", { class: "caller" }, `${file}:${line}`, h("code", {}, (text[line - first] ?? "").trim())),
      ),
    ...(vertex.log === undefined
      ? []
      : [
          h("h3", {}, "Log"),
          lastLines(vertex.log, 15),
          h("p", { class: "actions" }, h("button", { type: "button", onclick: () => openLog(place) }, "The whole log")),
        ]),
    ...workTable(vertex),
    ...linkList("Needs", vertex.inputs, vertex.roles),
    ...linkList("Needed by", users),
    ...(vertex.details?.length
      ? [
          h("h3", {}, vertex.kind ?? "Op"),
          h(
            "dl",
            {},
            vertex.details.map((detail) => field(detail.key, h("pre", {}, cutText(detailText(detail))))),
          ),
        ]
      : []),
  ];
};

const openStep = (place) => {
  const { element } = stepPanel;
  if (stepPanel.place === undefined) stepPanel.opener = document.activeElement;
  stepPanel.place = place;
  element.hidden = false;
  document.body.classList.add("aside");
  find("step-content").replaceChildren(...stepView(place).filter((part) => part !== ""));
  element.scrollTop = 0;
  hideTip();
  find("step-name").focus({ preventScroll: true });
  draw();
};

const closeStep = () => {
  if (stepPanel.place === undefined) return;
  stepPanel.place = undefined;
  stepPanel.element.hidden = true;
  document.body.classList.remove("aside");
  if (stepPanel.opener?.isConnected) stepPanel.opener.focus({ preventScroll: true });
  draw();
};

const listenToStep = () => {
  find("step-close").addEventListener("click", closeStep);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeStep();
  });
};

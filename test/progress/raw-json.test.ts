import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { StatusResponse } from "../../src/gen/control.ts";
import { formatRawJson } from "../../src/progress/raw-json.ts";
import { message, vertex, warning } from "./messages.ts";
import { parseStatus, recordingNames } from "./replay.ts";

test.each(recordingNames())("%s is byte for byte what buildctl wrote, after a way over the wire", (name) => {
  const text = readFileSync(join(import.meta.dir, "recordings", `${name}.jsonl`), "utf8");
  for (const line of text.trim().split("\n")) {
    expect(formatRawJson(StatusResponse.decode(StatusResponse.encode(parseStatus(line))))).toBe(line);
  }
});

test("an empty message is an empty object", () => {
  expect(formatRawJson(message({}))).toBe("{}");
});

test("times have the digits that they need, and absent ones are the epoch where Go has no pointer", () => {
  const status = { ID: "a", vertex: "", name: "", current: 0, total: 0 };
  const times = [
    { seconds: 1_700_000_000, nanos: 0 },
    { seconds: 1_700_000_000, nanos: 120_000_000 },
    { seconds: 1_700_000_000, nanos: 1 },
  ];
  expect(formatRawJson(message({ statuses: [...times.map((timestamp) => ({ ...status, timestamp })), status] }))).toBe(
    `{"statuses":[${["22:13:20Z", "22:13:20.12Z", "22:13:20.000000001Z"]
      .map((time) => `{"id":"a","current":0,"timestamp":"2023-11-14T${time}"}`)
      .join(",")},{"id":"a","current":0,"timestamp":"1970-01-01T00:00:00Z"}]}`,
  );
});

test("Go escapes what HTML and JavaScript would take for something else", () => {
  const [item] = warning("<a&b>", "x").warnings;
  if (item === undefined) throw new Error("no warning");
  expect(formatRawJson(message({ warnings: [{ ...item, url: '\u2028\u2029"\u0001' }] }))).toBe(
    '{"warnings":[{"vertex":"sha256:\\u003ca\\u0026b\\u003e","level":1,"short":"eA==","url":"\\u2028\\u2029\\"\\u0001"}]}',
  );
});

test("a source with everything in it", () => {
  const [item] = warning("a", "").warnings;
  if (item === undefined) throw new Error("no warning");
  const group = { id: "g", name: "group", weak: true };
  const position = { line: 3, character: 0 };
  const metadata = {
    ignore_cache: true,
    description: { b: "2", a: "1" },
    caps: { "source.local": true },
    export_cache: { Value: true },
    progress_group: group,
    linux_resources: {
      memory: 1,
      memorySwap: 0,
      cpuShares: 0,
      cpuPeriod: 0,
      cpuQuota: 0,
      cpusetCpus: "0",
      cpusetMems: "",
    },
  };
  const ranges = [{ start: position, end: undefined }];
  const info = { filename: "f", data: new Uint8Array([1]), language: "Lua" };
  const Source = { locations: { d: { locations: [{ sourceIndex: 1, ranges }] } }, infos: [info] };
  const definition = { def: [new Uint8Array([2])], metadata: { d: metadata }, Source };
  expect(
    JSON.parse(formatRawJson(message({ warnings: [{ ...item, info: { ...info, definition }, ranges }] }))),
  ).toEqual({
    warnings: [
      {
        vertex: "sha256:a",
        level: 1,
        sourceInfo: {
          filename: "f",
          data: "AQ==",
          definition: {
            def: ["Ag=="],
            metadata: { d: { ...metadata, linux_resources: { memory: 1, cpusetCpus: "0" } } },
            Source: {
              locations: { d: { locations: [{ sourceIndex: 1, ranges: [{ start: { line: 3 } }] }] } },
              infos: [{ filename: "f", data: "AQ==", language: "Lua" }],
            },
          },
          language: "Lua",
        },
        range: [{ start: { line: 3 } }],
      },
    ],
  });
});

test("times that no clock shows are the nearest that one does", () => {
  const line = (seconds: number, nanos: number) =>
    formatRawJson(vertex("a", undefined, undefined, { started: { seconds, nanos } }));
  expect(line(1e15, 5)).toContain('"started":"9999-12-31T23:59:59.000000005Z"');
  expect(line(-1e15, -1)).toContain('"started":"0001-01-01T00:00:00Z"');
});

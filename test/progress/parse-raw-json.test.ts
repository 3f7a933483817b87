import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseRawJson } from "../../src/progress/parse-raw-json.ts";
import { formatRawJson } from "../../src/progress/raw-json.ts";
import { recordingNames } from "./replay.ts";

test.each(recordingNames())("%s is the same after it was read and written", (name) => {
  const text = readFileSync(join(import.meta.dir, "recordings", `${name}.jsonl`), "utf8");
  for (const line of text.trim().split("\n")) {
    // What warnings quote of a Definition is not read.
    const { warnings = [], ...rest } = JSON.parse(line);
    for (const { sourceInfo } of warnings) delete sourceInfo?.definition;
    expect(JSON.parse(formatRawJson(parseRawJson(line)))).toEqual(
      JSON.parse(warnings.length > 0 ? JSON.stringify({ ...rest, warnings }) : line),
    );
  }
});

test("buildctl before v0.13 wrote Go's own names, and null for what there is not", () => {
  const vertex =
    '{"Digest":"sha256:a","Inputs":null,"Name":"x","Started":"2026-11-23T01:37:34.218684903Z","Completed":null,"Cached":true,"Error":"","ProgressGroup":null}';
  const log = '{"Vertex":"sha256:a","Stream":1,"Data":"aGk=","Timestamp":"2026-11-23T02:37:34+01:00"}';
  const { vertexes, logs, statuses } = parseRawJson(
    `{"Vertexes":[${vertex}],"Statuses":null,"Logs":[${log}],"Warnings":null}`,
  );
  expect(vertexes).toEqual([
    {
      digest: "sha256:a",
      inputs: [],
      name: "x",
      cached: true,
      error: "",
      started: { seconds: 1795397854, nanos: 218684903 },
      completed: undefined,
      progressGroup: undefined,
    },
  ]);
  expect(logs).toEqual([
    {
      vertex: "sha256:a",
      stream: 1,
      msg: new TextEncoder().encode("hi"),
      timestamp: { seconds: 1795397854, nanos: 0 },
    },
  ]);
  expect(statuses).toEqual([]);
});

test("members that are not known do not matter", () => {
  expect(parseRawJson('{"vertexes":[{"digest":"a","new":{}}],"later":[1]}').vertexes[0]?.digest).toBe("a");
});

test.each([
  ["{", "not JSON"],
  ["[]", ": expected an object, got a list"],
  ['{"vertexes":{}}', "vertexes: expected a list, got an object"],
  ['{"vertexes":[null]}', "vertexes[0]: expected an object, got null"],
  ['{"vertexes":[{"digest":1}]}', "vertexes[0].digest: expected a string, got a number"],
  ['{"vertexes":[{"inputs":[1]}]}', "vertexes[0].inputs: expected strings, got a number"],
  ['{"vertexes":[{"cached":1}]}', "vertexes[0].cached: expected a boolean, got a number"],
  ['{"vertexes":[{"started":"now"}]}', 'vertexes[0].started: "now" is not a time'],
  ['{"statuses":[{},{"current":"1"}]}', "statuses[1].current: expected a number, got a string"],
  ['{"logs":[{"data":"%"}]}', "logs[0].data: not base64"],
])("%s is refused", (line, problem) => {
  expect(() => parseRawJson(line)).toThrow(problem);
});

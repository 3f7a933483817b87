import { expect, test } from "bun:test";
import { type ClientVertex, startClientVertex } from "../../src/progress/client-vertex.ts";
import { formatRawJson } from "../../src/progress/raw-json.ts";
import { TestClock } from "./replay.ts";

function start(): { clock: TestClock; vertex: ClientVertex; sent: string[] } {
  const clock = new TestClock();
  const sent: string[] = [];
  const vertex = startClientVertex("sha256:c", "exporting to client", clock.now, (message) => {
    sent.push(formatRawJson(message));
  });
  return { clock, vertex, sent };
}

const began = '"digest":"sha256:c","name":"exporting to client","started":"2030-01-01T00:00:00Z"';

test("it starts, does its work and is done", () => {
  const { clock, vertex, sent } = start();
  clock.advance(50);
  vertex.status("sending tarball", { current: 1, total: 5 });
  clock.advance(1200);
  vertex.status("sending tarball", { current: 5, total: 5, done: true });
  vertex.log("text\n");
  vertex.done();
  vertex.done();
  vertex.status("late");
  const status = '"id":"sending tarball","vertex":"sha256:c","total":5';
  expect(sent).toEqual([
    `{"vertexes":[{${began}}]}`,
    `{"statuses":[{${status},"current":1,"timestamp":"2030-01-01T00:00:00.05Z","started":"2030-01-01T00:00:00.05Z"}]}`,
    `{"statuses":[{${status},"current":5,"timestamp":"2030-01-01T00:00:01.25Z","started":"2030-01-01T00:00:00.05Z","completed":"2030-01-01T00:00:01.25Z"}]}`,
    '{"logs":[{"vertex":"sha256:c","stream":1,"data":"dGV4dAo=","timestamp":"2030-01-01T00:00:01.25Z"}]}',
    `{"vertexes":[{${began},"completed":"2030-01-01T00:00:01.25Z"}]}`,
  ]);
});

test("what is told all the time is sent ten times a second, the last word always", () => {
  const { clock, vertex, sent } = start();
  for (let current = 1; current <= 10_000; current++) {
    vertex.status("sending", { current });
    clock.advance(0.1);
  }
  expect(sent.length).toBeLessThan(13);
  vertex.fail("the disk is full");
  expect(sent.at(-2)).toContain('"current":10000');
  expect(sent.at(-2)).toContain('"completed"');
  expect(sent.at(-1)).toContain('"error":"the disk is full"');
});

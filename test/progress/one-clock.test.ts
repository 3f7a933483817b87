import { expect, test } from "bun:test";
import type { StatusResponse } from "../../src/gen/control.ts";
import { withOneClock } from "../../src/progress/one-clock.ts";
import { at, vertex } from "./messages.ts";

function taken(ahead: number): StatusResponse[] {
  const messages: StatusResponse[] = [];
  const take = withOneClock(
    () => (at(10).seconds - ahead) * 1000,
    (status) => messages.push(status),
  );
  take(vertex("early", 1), "client");
  take(vertex("daemon", 10), "daemon");
  take(vertex("later", 20), "daemon");
  take(vertex("ours", 3), "client");
  return messages;
}

test("what the client tells is by the daemon's clock from when it is known", () => {
  expect(taken(60)).toEqual([vertex("early", 1), vertex("daemon", 10), vertex("later", 20), vertex("ours", 63)]);
});

test("a difference that may be the way of a message is none", () => {
  expect(taken(0.5)).toEqual([vertex("early", 1), vertex("daemon", 10), vertex("later", 20), vertex("ours", 3)]);
});

import { expect, test } from "bun:test";
import { ScriptLog } from "../../src/frontend/script-log.ts";
import { fakeGateway } from "../script/fake-gateway.ts";

function openLog(caps: readonly string[] = ["source.metaresolver"]) {
  const notes: (readonly [text: string, id: string])[] = [];
  const gateway = {
    ...fakeGateway({ gatewayCaps: caps }),
    note: async (text: string, id: string) => {
      notes.push([text, id]);
      return "sha256:0" as const;
    },
  };
  return { log: new ScriptLog(gateway, "build.lua"), notes, texts: () => notes.map(([text]) => text) };
}

test("shows each line by itself, under an id of its own", async () => {
  const { log, notes, texts } = openLog();
  await log.show(["one\ntwo", "  ", "one"]);
  expect(texts()).toEqual(["[build.lua] one", "[build.lua] two", "[build.lua] one"]);
  expect(new Set(notes.map(([, id]) => id)).size).toBe(3);
});

test("a run for another platform shows only what is new", async () => {
  const { log, texts } = openLog();
  await log.show(["same", "on amd64"]);
  await log.show(["same", "on arm64"]);
  expect(texts()).toEqual(["[build.lua] same", "[build.lua] on amd64", "[build.lua] on arm64"]);
});

test("shows the first lines of many, and counts the rest", async () => {
  const { log, texts } = openLog();
  await log.show(Array.from({ length: 250 }, (_, line) => `line ${line}`));
  expect(texts()).toHaveLength(201);
  expect(texts().at(-1)).toBe("[build.lua] … and 50 more lines");
});

test("escape sequences are taken out, and lines without end are cut", async () => {
  const { log, texts } = openLog();
  await log.show(["\u001b]0;title\u0007\u001b[31mred", "x".repeat(5000)]);
  expect(texts()[0]).toBe("[build.lua] red");
  expect(texts()[1]?.length).toBeLessThan(1100);
});

test("asks nothing of a daemon that cannot show it, and a daemon that fails is no failure", async () => {
  const old = openLog([]);
  await old.log.show(["text"]);
  expect(old.notes).toEqual([]);
  const failing = { ...fakeGateway({ gatewayCaps: ["source.metaresolver"] }), note: () => Promise.reject(new Error()) };
  await new ScriptLog(failing, "build.lua").show(["text"]);
});

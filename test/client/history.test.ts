import { expect, test } from "bun:test";
import { findBuild, listBuilds } from "../../src/client/history.ts";
import { parseHistoryFilter } from "../../src/client/history-filter.ts";
import { BuildHistoryEvent, Control } from "../../src/gen/control.ts";
import type { Init } from "../../src/wire/codec.ts";
import { fakeChannel } from "./fake-channel.ts";

const { path } = Control.ListenBuildHistory;

function event(ref: string, started: number, more: Init<BuildHistoryEvent>["record"] = {}, type = 1): Uint8Array {
  const record = { Ref: ref, CreatedAt: { seconds: started }, CompletedAt: { seconds: started + 10 } };
  return BuildHistoryEvent.encode({ type, record: { ...record, ...more } });
}

const builds = fakeChannel({
  [path]: [
    event("running", 50, { CompletedAt: undefined }, 0),
    event("abcold", 100),
    event("abcnew", 300, { error: { code: 1, message: "gone" } }),
    event("failed", 200, { error: { code: 2, message: "no" } }),
    event("dropped", 400, {}, 2),
  ],
});

test("running builds come first, then the newest; deleted ones do not come", async () => {
  const { records, now } = await listBuilds(builds);
  expect(records.map(({ ref, status }) => `${ref} ${status}`)).toEqual([
    "running running",
    "abcnew canceled",
    "failed error",
    "abcold completed",
  ]);
  expect(new Date(now).toISOString()).toBe("2026-01-02T03:04:05.678Z");
});

test("filters go before the limit", async () => {
  const filters = [parseHistoryFilter("status!=running")];
  const { records } = await listBuilds(builds, { filters, limit: 2 });
  expect(records.map(({ ref }) => ref)).toEqual(["abcnew", "failed"]);
});

test("a build is found by its ref, the beginning of one, buildx's long name, and its place", async () => {
  for (const [name, ref] of [
    ["failed", "failed"],
    ["abcn", "abcnew"],
    ["builder/node/abcold", "abcold"],
    [undefined, "running"],
    ["^0", "running"],
    ["^", "abcnew"],
    ["^2", "failed"],
  ] as const) {
    expect((await findBuild(builds, name)).ref).toBe(ref);
  }
});

test("a build that is not there, or that several could be, is an error", async () => {
  await expect(findBuild(builds, "nope")).rejects.toMatchObject({ code: "history.missing", hint: "luakit history ls" });
  await expect(findBuild(builds, "^9")).rejects.toThrow('remembers no build "^9"');
  await expect(findBuild(builds, "abc")).rejects.toThrow('"abc" is the beginning of 2 builds: abcnew, abcold');
  await expect(findBuild(fakeChannel({ [path]: [] }), undefined)).rejects.toThrow("the daemon remembers no builds");
});

test("a daemon without a history says so", async () => {
  await expect(listBuilds(fakeChannel({}))).rejects.toMatchObject({
    code: "daemon.old",
    message: "this daemon keeps no history of builds: BuildKit v0.11 does",
  });
});

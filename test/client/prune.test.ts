import { expect, test } from "bun:test";
import { type PruneOptions, prune } from "../../src/client/prune.ts";
import { Control, DiskUsageResponse, InfoResponse, PruneRequest, UsageRecord } from "../../src/gen/control.ts";
import { fakeChannel } from "./fake-channel.ts";

const nothing: PruneOptions = {
  filter: { terms: [] },
  all: false,
  keepDuration: 0,
  reservedSpace: 0,
  maxUsedSpace: 0,
  minFreeSpace: 0,
};

function daemon(version: string) {
  return fakeChannel({
    [Control.Info.path]: [InfoResponse.encode({ buildkitVersion: { version } })],
    [Control.Prune.path]: [UsageRecord.encode({ ID: "a", Size: 5 }), UsageRecord.encode({ ID: "b" })],
  });
}

async function pruned(channel: ReturnType<typeof daemon>, options: Partial<PruneOptions>) {
  const ids: string[] = [];
  for await (const { id } of prune(channel, { ...nothing, ...options })) ids.push(id);
  const [request = new Uint8Array()] = channel.requests.get(Control.Prune.path) ?? [];
  return { ids, request: PruneRequest.decode(request) };
}

test("everything that is asked for reaches the daemon", async () => {
  const options = {
    filter: { terms: ["type==regular", "shared"] },
    all: true,
    keepDuration: 5e9,
    reservedSpace: 1,
    maxUsedSpace: 2,
    minFreeSpace: 3,
  };
  const { ids, request } = await pruned(daemon("v0.32.2"), options);
  expect(ids).toEqual(["a", "b"]);
  expect(request).toEqual({
    filter: ["type==regular,shared"],
    all: true,
    keepDuration: 5e9,
    reservedSpace: 1,
    maxUsedSpace: 2,
    minFreeSpace: 3,
  });
});

test("the age of a filter is what docker means by it", async () => {
  const { request } = await pruned(daemon("v0.12.5"), { filter: { terms: [], age: 86_400e9 } });
  expect(request).toMatchObject({ filter: [], keepDuration: 86_400e9 });
});

test("fields that old daemons do not know when they prune are looked up before", async () => {
  const record = [{ ID: "x" }, { ID: "y" }];
  const answers = {
    [Control.DiskUsage.path]: [DiskUsageResponse.encode({ record })],
    [Control.Prune.path]: [UsageRecord.encode({ ID: "x" })],
  };
  const { request } = await pruned(fakeChannel(answers), { filter: { terms: ["type==regular", "description~=apt"] } });
  expect(request.filter).toEqual(["id==x", "id==y"]);
  const none = fakeChannel({ ...answers, [Control.DiskUsage.path]: [DiskUsageResponse.encode({})] });
  expect((await pruned(none, { filter: { terms: ["parents~=z"] } })).ids).toEqual([]);
  expect(none.requests.has(Control.Prune.path)).toBe(false);
});

test("limits that an old daemon would not heed are refused before anything is removed", async () => {
  for (const options of [{ maxUsedSpace: 1 }, { minFreeSpace: 1 }]) {
    const channel = daemon("v0.12.5");
    await expect(pruned(channel, options)).rejects.toMatchObject({
      code: "daemon.old",
      message: "this daemon is BuildKit v0.12.5, which knows no limits of used and free space: BuildKit v0.17 does",
    });
    expect(channel.requests.has(Control.Prune.path)).toBe(false);
  }
});

import { expect, test } from "bun:test";
import { addUp, readDiskUsage } from "../../src/client/disk-usage.ts";
import { Control, DiskUsageRequest, DiskUsageResponse } from "../../src/gen/control.ts";
import { fakeChannel } from "./fake-channel.ts";

const seconds = Math.floor(Date.now() / 1000);

function channelWith() {
  const record = [
    { ID: "small", Size: 1, InUse: true, Shared: true, Parents: ["p"], LastUsedAt: { seconds, nanos: 0 } },
    { ID: "big", Size: 100, RecordType: "regular", Parent: "old", CreatedAt: { seconds: seconds - 7200, nanos: 5e8 } },
    { ID: "also", Size: 100, CreatedAt: { seconds: -62135596800, nanos: 0 } },
  ];
  return fakeChannel({ [Control.DiskUsage.path]: [DiskUsageResponse.encode({ record })] });
}

test("records come biggest first, with times only where there are some", async () => {
  const records = await readDiskUsage(channelWith(), { terms: [] });
  expect(records.map(({ id }) => id)).toEqual(["also", "big", "small"]);
  expect(records[0]).toMatchObject({ createdAt: undefined, parents: [] });
  expect(records[1]).toMatchObject({ createdAt: (seconds - 7200) * 1000 + 500, parents: ["old"], type: "regular" });
  expect(records[2]).toMatchObject({ lastUsedAt: seconds * 1000, parents: ["p"], inUse: true });
});

test("terms are one filter, of which all must match, and an age is looked at here", async () => {
  const channel = channelWith();
  const records = await readDiskUsage(channel, { terms: ["type==regular", "shared"], age: 3600e9 });
  expect(records.map(({ id }) => id)).toEqual(["also", "big"]);
  const [request = new Uint8Array()] = channel.requests.get(Control.DiskUsage.path) ?? [];
  expect(DiskUsageRequest.decode(request).filter).toEqual(["type==regular,shared"]);
});

test("totals are those of buildctl", async () => {
  const records = await readDiskUsage(channelWith(), { terms: [] });
  expect(addUp(records)).toEqual({ total: 201, reclaimable: 200, shared: 1, private: 200 });
});

import { expect, test } from "bun:test";
import { askTraits, type DaemonTraits, isOlder, parseVersion } from "../../src/client/daemon-traits.ts";
import { Control, ListWorkersResponse } from "../../src/gen/control.ts";
import { fakeChannel } from "./fake-channel.ts";

test.each([
  ["v0.12.5", [0, 12, 5]],
  ["0.32.2", [0, 32, 2]],
  ["v0.11.7+d3e6c1360f6e", [0, 11, 7]],
  ["v1.0.0-rc1", [1, 0, 0]],
  ["0.0.0+unknown", undefined],
  ["v0.0.0", undefined],
  ["", undefined],
  ["unknown", undefined],
])("version %j is %j", (text, version) => {
  expect<unknown>(parseVersion(text)).toEqual(version);
});

test("an unknown version is not older than any", () => {
  const daemon = (version?: number[]): DaemonTraits => ({
    kind: "buildkit",
    imageStore: false,
    containerd: false,
    version,
  });
  expect(isOlder(daemon([0, 12, 5]), 0, 13)).toBe(true);
  expect(isOlder(daemon([0, 13, 0]), 0, 13)).toBe(false);
  expect(isOlder(daemon([1, 0, 0]), 0, 31)).toBe(false);
  expect(isOlder(daemon(), 0, 31)).toBe(false);
});

const prefix = "org.mobyproject.buildkit.worker.";

test.each([
  ["buildkit", {}, { imageStore: false, containerd: false }],
  [
    "buildkit",
    { executor: "oci", snapshotter: "overlayfs" },
    { imageStore: false, containerd: false, worker: "oci, overlayfs" },
  ],
  ["buildkit", { "containerd.uuid": "x" }, { imageStore: true, containerd: false }],
  ["docker", {}, { imageStore: true, containerd: false }],
  ["docker", { snapshotter: "overlayfs" }, { imageStore: true, containerd: true, worker: "overlayfs" }],
] as const)("a %s with the labels %j has %j", async (kind, labels, traits) => {
  const Labels = Object.fromEntries(Object.entries(labels).map(([name, value]) => [prefix + name, value]));
  const workers = ListWorkersResponse.encode({ record: [{ Labels, BuildkitVersion: { version: "v0.32.2" } }] });
  const channel = fakeChannel({ [Control.ListWorkers.path]: [workers] });
  expect(await askTraits(channel, kind)).toEqual({ kind, ...traits, version: [0, 32, 2] });
});

test("a daemon that tells no version is from before they did, unless it has no worker", async () => {
  const versionOf = async (record: { readonly BuildkitVersion?: { readonly version: string } }[]) => {
    const channel = fakeChannel({ [Control.ListWorkers.path]: [ListWorkersResponse.encode({ record })] });
    return (await askTraits(channel, "docker")).version;
  };
  expect(await versionOf([{}])).toEqual([0, 10]);
  expect(await versionOf([])).toBeUndefined();
  expect(await versionOf([{ BuildkitVersion: { version: "0.0.0+unknown" } }])).toBeUndefined();
});

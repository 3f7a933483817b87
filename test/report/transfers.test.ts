import { expect, test } from "bun:test";
import type { CollectedStatus } from "../../src/report/collector.ts";
import { readWork } from "../../src/report/transfers.ts";

const options = { origin: 1000, end: 9000, sent: new Map<string, number>(), clean: (text: string) => text };

function work(name: string, id: string, rest: Partial<CollectedStatus> = {}, sent = options.sent) {
  const status = { id, name: "", bytes: 0, total: 0, started: 2000, completed: 3000, told: 3000, ...rest };
  const vertex = { digest: "d", name, inputs: [], group: undefined, cached: false, error: "" };
  return readWork({ ...vertex, intervals: [{ start: 1500, stop: 4000 }], statuses: [status] }, { ...options, sent });
}

test.each([
  ["local://context", "transferring context:", "context"],
  ["[internal] load build context", "transferring context:", "context"],
  ["docker-image://docker.io/library/alpine:latest", "sha256:abc", "pull"],
  ["[linux/arm64 1/2] FROM docker.io/library/alpine", "sha256:abc", "pull"],
  ["https://example.com/a.tar", "downloading", "pull"],
  ["exporting to image", "pushing layers", "push"],
  ["exporting to image", "sha256:abc", "push"],
  ["exporting to client tarball", "sending tarball", "export"],
  ["exporting to client directory", "copying files", "export"],
  ["[node linux/amd64] loading into the Docker Engine", "sha256:abc", "load"],
  ["something else", "bytes", "other"],
] as const)("%s: %s is of the kind %s", (name, id, kind) => {
  const [transfer] = work(name, id, { bytes: 5, total: 10 }).transfers;
  expect(transfer).toEqual({ id, kind, bytes: 5, total: 10, start: 1000, end: 2000 });
});

test("a part that moves nothing is a phase; what moves and is not told has no bytes", () => {
  expect(work("exporting to image", "exporting layers").phases).toEqual([
    { id: "exporting layers", start: 1000, end: 2000 },
  ]);
  expect(work("exporting to image", "pushing layers").transfers[0]?.bytes).toBe(0);
});

test("the bytes of an archive that came here are known", () => {
  const sent = new Map([["exporting to oci image format", 77]]);
  expect(work("exporting to oci image format", "sending tarball", {}, sent).transfers[0]?.bytes).toBe(77);
});

test("what was never ended ends with its vertex", () => {
  expect(work("a", "b", { completed: undefined, told: 2500 }).phases).toEqual([{ id: "b", start: 1000, end: 3000 }]);
});

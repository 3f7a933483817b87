import { expect, test } from "bun:test";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeFrame, FrameReader, readFrame, writeFrame } from "../../src/suite/frame.ts";
import { inDirectory } from "../support/build.ts";

const messages = [{ kind: "done" }, { map: new Map([["a", new Uint8Array([1, 2])]]), text: "é" }, []];

test("messages come out of pieces as they went in", () => {
  const bytes = Buffer.concat(messages.map(encodeFrame));
  for (const size of [1, 3, 7, bytes.length]) {
    const reader = new FrameReader<unknown>();
    const read: unknown[] = [];
    for (let at = 0; at < bytes.length; at += size) read.push(...reader.take(bytes.subarray(at, at + size)));
    expect(read).toEqual(messages);
  }
});

test("what is one object within a message stays one", () => {
  const shared = { name: "base" };
  const [read] = new FrameReader<{ left: object; right: object }>().take(encodeFrame({ left: shared, right: shared }));
  expect(read?.left).toBe(read?.right ?? {});
});

test("a descriptor gives messages until it ends, in the middle of one too", () =>
  inDirectory(async (directory) => {
    const path = join(directory, "frames");
    const out = openSync(path, "w");
    for (const message of messages) writeFrame(out, message);
    closeSync(out);
    const input = openSync(path, "r");
    expect(messages.map(() => readFrame(input))).toEqual(messages);
    expect(readFrame(input)).toBeUndefined();
    closeSync(input);
    writeFileSync(path, encodeFrame("cut off").slice(0, -1));
    const cut = openSync(path, "r");
    expect(readFrame(cut)).toBeUndefined();
    closeSync(cut);
  }));

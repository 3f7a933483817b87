import { expect, test } from "bun:test";
import { readSettings, settingsSize, writeSettings } from "../../src/h2/settings.ts";

test("are read as they were written", () => {
  const entries: [number, number][] = [
    [1, 4096],
    [4, 0x7fffffff],
    [0xabcd, 0xffffffff],
  ];
  const bytes = new Uint8Array(settingsSize(entries));
  writeSettings(bytes, entries);
  const read: [number, number][] = [];
  readSettings(bytes, (id, value) => read.push([id, value]));
  expect(read).toEqual(entries);
});

test("with values that RFC 9113 forbids are refused", () => {
  const check = (id: number, value: number) => () => {
    const bytes = new Uint8Array(6);
    writeSettings(bytes, [[id, value]]);
    readSettings(bytes, () => {});
  };
  expect(check(2, 2)).toThrow(expect.objectContaining({ code: 1 }));
  expect(check(4, 0x80000000)).toThrow(expect.objectContaining({ code: 3 }));
  expect(check(5, 16_383)).toThrow(expect.objectContaining({ code: 1 }));
  expect(check(5, 0x1000000)).toThrow(expect.objectContaining({ code: 1 }));
  expect(() => readSettings(new Uint8Array(5), () => {})).toThrow(expect.objectContaining({ code: 6 }));
  for (const [id, value] of [
    [2, 1],
    [4, 0x7fffffff],
    [5, 16_384],
    [5, 0xffffff],
  ] as const) {
    expect(check(id, value)).not.toThrow();
  }
});

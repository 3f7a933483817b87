import { expect, test } from "bun:test";
import { chooseStyle } from "../../src/progress/style.ts";
import { Trace } from "../../src/progress/trace.ts";
import { formatTransfer, transferOf, transferTexts } from "../../src/progress/transfer.ts";
import { status, vertex } from "./messages.ts";

const style = chooseStyle(false, {});

test.each([
  [{ current: 12_300_000, total: 45_000_000 }, "12.3MB / 45.0MB"],
  [{ current: 45_000_000, total: 45_000_000 }, "45.0MB"],
  [{ current: 512, total: 0 }, "512B"],
])("%j is %s", (transfer, text) => {
  expect(formatTransfer(transfer)).toBe(text);
});

test("a transfer is shown with a bar, in bytes or in percent", () => {
  expect(transferTexts({ current: 1, total: 2 }, style)).toEqual([
    `${"━".repeat(12)}${"─".repeat(12)}            1B / 2B`,
    `${"━".repeat(6)}${"─".repeat(6)}            1B / 2B`,
    "1B / 2B",
    "50%",
  ]);
  expect(transferTexts({ current: 3, total: 2 }, style)).toEqual(["3B"]);
});

test("bars of all fillings have the same width", () => {
  for (let current = 0; current < 100; current++) {
    const [bar = ""] = transferTexts({ current, total: 100 }, style);
    expect(Bun.stringWidth(bar)).toBe(24 + 2 + 17);
  }
});

test("the transfers of a vertex are added up; the total only when all have one", () => {
  const trace = new Trace(() => 0);
  for (const item of [vertex("a", 1), status("a", "resolve", 1), status("a", "one", 1, { current: 5, total: 10 })]) {
    trace.apply(item, "daemon");
  }
  const traced = trace.get("sha256:a");
  if (traced === undefined) throw new Error("no vertex");
  expect(transferOf(traced)).toEqual({ current: 5, total: 10, parts: 1 });
  trace.apply(status("a", "two", 1, { current: 3, total: 20 }), "daemon");
  expect(transferOf(traced)).toEqual({ current: 8, total: 30, parts: 2 });
  trace.apply(status("a", "three", 1, { current: 1 }), "daemon");
  expect(transferOf(traced)).toEqual({ current: 9, total: 0, parts: 3 });
});

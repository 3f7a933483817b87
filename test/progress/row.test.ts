import { expect, test } from "bun:test";
import { cut, layRow, type Row } from "../../src/progress/row.ts";
import { chooseStyle } from "../../src/progress/style.ts";

const style = chooseStyle(false, {});

function row(text: string, ...right: string[]): Row {
  return { indent: 1, mark: "*", markTone: "plain", text, tone: "plain", right, rightTone: "plain" };
}

test("what stands on the right ends in the last column", () => {
  expect(layRow(row("compile", "1.2s"), 20, style)).toBe(" * compile      1.2s");
});

test("the text is cut before it meets the right", () => {
  expect(layRow(row("compile the program", "1.2s"), 20, style)).toBe(" * compile the… 1.2s");
});

test("the right gets shorter before the text gets too short", () => {
  const bar = row("compile the program", "[====>----]  1.2s", "70% 1.2s", "1.2s");
  expect(layRow(bar, 60, style)).toBe(" * compile the program                     [====>----]  1.2s");
  expect(layRow(bar, 34, style)).toBe(" * compile the program    70% 1.2s");
  expect(layRow(bar, 24, style)).toBe(" * compile the… 70% 1.2s");
  expect(layRow(bar, 20, style)).toBe(" * compile the… 1.2s");
});

test("wide characters count twice, and are never cut in half", () => {
  for (let columns = 10; columns < 40; columns++) {
    const line = layRow(row("日本語のステップ👩", "1.2s"), columns, style);
    expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
  }
  expect(cut("日本語", 4, "…")).toBe("日…");
});

test("no width is too small", () => {
  for (let columns = 0; columns < 10; columns++)
    expect(() => layRow(row("compile", "1.2s"), columns, style)).not.toThrow();
});

test("on wide terminals the right stays within reach of the eyes", () => {
  expect(Bun.stringWidth(layRow(row("compile", "1.2s"), 300, style))).toBe(120);
  expect(Bun.stringWidth(layRow(row("x".repeat(400)), 300, style))).toBe(300);
});

import { describe, expect, test } from "bun:test";
import { escapeControls, escapeJsonControls, quoteWord } from "../../src/graph/escape.ts";

describe("escaping", () => {
  test("keeps readable text, in any script, with quotes and backslashes", () => {
    const text = 'grüße \\d+ "x" 日本 🚀';
    expect(escapeControls(text)).toBe(text);
  });

  test("shows what would steer a terminal", () => {
    expect(escapeControls("a\nb\tc\r\u001b[31m\u009b\u007f\0")).toBe("a\\nb\\tc\\r\\x1b[31m\\x9b\\x7f\\x00");
    expect(escapeControls("\u202e\u2066\u2028\u200b")).toBe("\\u202e\\u2066\\u2028\\u200b");
    expect(escapeControls("\ud800x")).toBe("\\ud800x");
  });

  test("quotes words that are not plain", () => {
    expect(["plain", "", "a b", 'say "hi"', "a\nb"].map(quoteWord)).toEqual([
      "plain",
      '""',
      '"a b"',
      '"say \\"hi\\""',
      '"a\\nb"',
    ]);
  });

  test("leaves JSON what it was", () => {
    const json = JSON.stringify({ a: "\u202e\u009b\ud800 é" }, undefined, 2);
    const escaped = escapeJsonControls(json);
    expect(escaped).toContain("\\u202e\\u009b\\ud800 é");
    expect(JSON.parse(escaped)).toEqual(JSON.parse(json));
  });
});

import { expect, test } from "bun:test";
import { escapeMarkup } from "../../src/page/escape-markup.ts";

test("text cannot become markup, neither as content nor in a quoted attribute", () => {
  expect(escapeMarkup(`<a href="x" b='y'>&amp;`)).toBe("&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
});

test("what XML cannot hold is replaced, and nothing else", () => {
  expect(escapeMarkup("a\u0000b\u001bc\ud800d\uffffe\u0085f")).toBe("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
  expect(escapeMarkup("tab\tline\nreturn\r é 日 😀")).toBe("tab\tline\nreturn\r é 日 😀");
});

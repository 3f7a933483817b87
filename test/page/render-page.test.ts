import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { renderPage } from "../../src/page/render-page.ts";

const page = renderPage({
  title: "a </title> & b",
  body: "<main>body</main>",
  style: "main { color: red }",
  script: "const a = 1;",
  data: { text: "</script><script>alert(1)</script>" },
});

test("the title is text", () => {
  expect(page).toContain("<title>a &lt;/title&gt; &amp; b</title>");
});

test("data cannot leave its element", () => {
  const data = /<script type="application\/json" id="data">(.*)<\/script>\n<script>/s.exec(page)?.[1] ?? "";
  expect(JSON.parse(data)).toEqual({ text: "</script><script>alert(1)</script>" });
});

test("the policy allows exactly the page's own style and scripts", () => {
  const policy = /content="(default-src [^"]*)"/.exec(page)?.[1] ?? "";
  expect(policy).toStartWith("default-src 'none'; style-src 'sha256-");
  expect(policy).not.toContain("unsafe");
  const inline = [...page.matchAll(/<(?:style|script)>(.*?)<\/(?:style|script)>/gs)].map(([, text = ""]) => text);
  expect(inline).toHaveLength(3);
  for (const text of inline) expect(policy).toContain(createHash("sha256").update(text).digest("base64"));
});

test("nothing is asked of anybody", () => {
  expect(page).not.toMatch(/(?:src|href)=|url\(|@import/);
});

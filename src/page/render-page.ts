import { createHash } from "node:crypto";
import { embedJson } from "./embed-json.ts";
import { escapeMarkup } from "./escape-markup.ts";
import pageStyle from "./page.css" with { type: "text" };
import themeScript from "./theme.browser.js" with { type: "text" };

/** What a page of its own shows. Markup is HTML that is already escaped, see {@link escapeMarkup}. */
export interface Page {
  readonly title: string;
  /** Markup of the page's bar, between the title and the switch of colours. */
  readonly tools?: string;
  /** Markup of everything below the bar. */
  readonly body: string;
  /** CSS beside page.css, whose variables have the colours of both themes. */
  readonly style?: string;
  /** A script without imports; it runs when the body is there, as strict code of its own scope. */
  readonly script?: string;
  /** What the script reads with `JSON.parse(document.getElementById("data").textContent)`. */
  readonly data?: unknown;
}

/**
 * One HTML file that asks nobody for anything: a policy allows its own style and scripts only, by their hash. Style
 * attributes are therefore without effect; scripts may set `element.style`.
 */
export function renderPage({ title, tools = "", body, style = "", script = "", data }: Page): string {
  const styles = `${pageStyle}${style}`;
  const scripts = script === "" ? "" : `"use strict";\n{\n${script}\n}\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(styles, [themeScript, scripts])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="luakit">
<title>${escapeMarkup(title)}</title>
<style>${styles}</style>
<script>${themeScript}</script>
</head>
<body>
<header class="bar">
<h1>${escapeMarkup(title)}</h1>
${tools}
<button type="button" id="theme" class="theme" hidden>Theme</button>
</header>
${body}
${data === undefined ? "" : `<script type="application/json" id="data">${embedJson(data)}</script>\n`}${
  scripts === "" ? "" : `<script>${scripts}</script>\n`
}</body>
</html>
`;
}

function policy(style: string, scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${scripts
      .filter((script) => script !== "")
      .map(hashOf)
      .join(" ")}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

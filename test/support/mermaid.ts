import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import type { HeadlessBrowser } from "./browser.ts";

const version = "12.3.0";

/** The texts of the vertices and edges that Mermaid draws for a chart, in their order; its own error when it cannot read it. */
export async function drawMermaid(browser: HeadlessBrowser, chart: string): Promise<readonly string[]> {
  const page = await browser.browser.newPage();
  try {
    await page.addScriptTag({ path: await mermaidScript() });
    const text = await page.evaluate(`(async () => {
      mermaid.initialize({ startOnLoad: false, securityLevel: "strict", maxTextSize: 1e6, maxEdges: 5000 });
      const { svg } = await mermaid.render("chart", ${JSON.stringify(chart)});
      document.body.innerHTML = svg;
      return JSON.stringify([...document.querySelectorAll(".nodeLabel, .edgeLabel .edgeLabel")].map((label) => label.innerText));
    })()`);
    return JSON.parse(String(text));
  } finally {
    await page.close();
  }
}

/** Mermaid's own bundle; with all that its package brings it would be a hundred times as large. */
async function mermaidScript(): Promise<string> {
  const { cache } = findPlace();
  const path = join(cache, `mermaid-${version}.js`);
  if (existsSync(path)) return path;
  return locked(cache, async () => {
    if (existsSync(path)) return path;
    const work = mkdtempSync(`${path}-`);
    try {
      writeFileSync(join(work, "package.json"), "{}");
      await run([process.execPath, "add", "--ignore-scripts", "--silent", `mermaid@${version}`], { cwd: work });
      copyFileSync(join(work, "node_modules/mermaid/dist/mermaid.min.js"), path);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return path;
  });
}

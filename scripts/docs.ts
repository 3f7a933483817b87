import { writeFileSync } from "node:fs";
import { renderApiPage } from "./api-page.ts";
import { renderCommandPage } from "./command-page.ts";
import { say } from "./say.ts";
import { renderTestPage } from "./test-api-page.ts";

const pages = {
  "docs/api.md": renderApiPage(),
  "docs/commands.md": await renderCommandPage(),
  "docs/test-api.md": renderTestPage(),
};
for (const [page, text] of Object.entries(pages)) {
  writeFileSync(page, text);
  say(`wrote ${page}`);
}

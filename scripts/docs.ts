import { writeFileSync } from "node:fs";
import { renderApiPage } from "./api-page.ts";
import { renderCommandPage } from "./command-page.ts";
import { say } from "./say.ts";

const pages = { "docs/api.md": renderApiPage(), "docs/commands.md": await renderCommandPage() };
for (const [page, text] of Object.entries(pages)) {
  writeFileSync(page, text);
  say(`wrote ${page}`);
}

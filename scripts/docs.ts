import { writeFileSync } from "node:fs";
import { renderApiPage } from "./api-page.ts";
import { say } from "./say.ts";

const page = "docs/api.md";
writeFileSync(page, renderApiPage());
say(`wrote ${page}`);

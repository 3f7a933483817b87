import { readFileSync } from "node:fs";

/** What Bun's own page on licences says, in the npm package `bun-types` of the same version. */
export interface BunLicense {
  readonly text: string;
  readonly libraries: readonly { readonly name: string; readonly homepage: string; readonly said: string }[];
}

const home = "node_modules/bun-types";
const webkit = { name: "WebKit", homepage: "https://github.com/oven-sh/webkit", said: "LGPL-2" };

export function readBunLicense(): BunLicense {
  const { version } = JSON.parse(readFileSync(`${home}/package.json`, "utf8"));
  if (version !== Bun.version) throw new Error(`${home} is of Bun ${version}, not of ${Bun.version}`);
  const page = readFileSync(`${home}/docs/project/license.mdx`, "utf8");
  if (!page.includes("Bun itself is MIT-licensed")) throw new Error("Bun is under another licence now");
  if (!page.includes("statically links JavaScriptCore (and WebKit), which is LGPL-2 licensed"))
    throw new Error("WebKit is under another licence now");
  return { text: page.replace(/^---\n.*?\n---\n+/s, ""), libraries: [webkit, ...tableRows(page)] };
}

/** The rows of all tables: `| [name](homepage) | licence |`. */
function tableRows(page: string): BunLicense["libraries"] {
  const rows = page.split("\n").flatMap((line) => {
    const [, name = "", homepage = "", said] = /^\| [^|]*?\[([^\]]+)\]\(([^)]+)\)[^|]*\| (.+?) +\|$/.exec(line) ?? [];
    return said === undefined
      ? []
      : [{ name: name.replaceAll("`", ""), homepage, said: said.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1") }];
  });
  if (rows.length < 20) throw new Error("Bun's page on licences has another form now");
  return rows;
}

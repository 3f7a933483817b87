import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import licenses from "spdx-license-list/full.js";
import { type Component, flatten } from "./contents/component.ts";
import { chosenLicense } from "./contents/license-names.ts";
import { luakitComponent } from "./contents/luakit-component.ts";

/** What is in an executable, and the texts of all licences that it is under: what packages carry, then standard texts. */
export async function renderLicenses(): Promise<string> {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  const components = flatten(await luakitComponent(String(version)));
  const carried = components.flatMap(({ text, ...component }) =>
    text === undefined ? [] : [section(title(component), text)],
  );
  const ids = [
    ...new Set(
      components.flatMap(({ license }) => (license === undefined ? [] : chosenLicense(license).split(" AND "))),
    ),
  ];
  const standard = ids.sort().map((id) => section(id, standardText(id)));
  return [list(components), ...carried, ...standard].join("\n");
}

/** Writes the texts where executables take them from. */
export async function prepareLicenses(target: string): Promise<void> {
  const text = await renderLicenses();
  // Another build may be reading it.
  if (existsSync(target) && readFileSync(target, "utf8") === text) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function list(components: readonly Component[]): string {
  const rows = components.map(
    (component) =>
      `  ${title(component).padEnd(60)} ${component.license ?? `${component.said}: ${component.homepage}`}`,
  );
  return `This executable contains, under these licences:\n\n${rows.join("\n")}\n`;
}

function title({ name, version }: Pick<Component, "name" | "version">): string {
  return version === undefined ? name : `${name} ${version}`;
}

function section(name: string, text: string): string {
  return `${"=".repeat(80)}\n${name}\n${"=".repeat(80)}\n\n${text.replaceAll("\r\n", "\n").trim()}\n`;
}

function standardText(id: string): string {
  const text = licenses[id]?.licenseText;
  if (text === undefined) throw new Error(`there is no text of the licence ${id}`);
  return text;
}

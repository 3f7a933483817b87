import { expect, test } from "bun:test";
import { standardLibrary } from "../../../src/api/prelude.ts";
import { renderPrelude } from "../../../src/api/stub/prelude.ts";
import { evaluate } from "../evaluate.ts";

const source = standardLibrary.get("prelude") ?? "";
const rendered = renderPrelude(source);

/** The names of what `require "prelude"` gives, as a script finds them. */
function functionsThere(): string[] {
  const { log } = evaluated();
  return log.split(" ");
}

function evaluated(): { log: string } {
  const lines: string[] = [];
  evaluate(
    `local names = {}
for name in pairs(require("prelude")) do names[#names + 1] = name end
table.sort(names)
bk.log(table.concat(names, " "))
bk.export(bk.scratch())`,
    { log: (line) => lines.push(line) },
  );
  return { log: lines.join("") };
}

test("every function of the prelude is declared, with what it does", () => {
  const declared = [...rendered.matchAll(/^---.*\n(?:function )?M\.(\w+)(?:\(.*\) end| = M\.\w+)$/gm)];
  expect(declared.map(([, name = ""]) => name).sort()).toEqual(functionsThere());
});

test("every parameter has a type", () => {
  for (const [, name = "", parameters = ""] of rendered.matchAll(/^function M\.(\w+)\((.*)\) end$/gm)) {
    const at = rendered.indexOf(`function M.${name}(`);
    const docs = rendered.slice(rendered.lastIndexOf("\n\n", at), at);
    const typed = [...docs.matchAll(/^---@param (\S+?)\?? \S/gm)].map(([, each = ""]) => each);
    expect([name, ...typed]).toEqual([name, ...parameters.split(", ").filter((each) => each !== "")]);
  }
});

test("bodies are left out", () => {
  expect(rendered).not.toContain("bk.image");
  expect(rendered).not.toContain("local function");
});

import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Glob } from "bun";
import { renderApiPage } from "../../scripts/api-page.ts";
import { renderCommandPage } from "../../scripts/command-page.ts";
import { renderTestPage } from "../../scripts/test-api-page.ts";
import { inDirectory, luakit } from "../support/build.ts";
import { type Block, looksLike, readBlocks, runBlocks } from "../support/document.ts";
import { shareDaemon } from "../support/document-furnishing.ts";
import { exampleOf, openPlace } from "../support/document-place.ts";

setDefaultTimeout(180_000);

const checkout = resolve(import.meta.dir, "../..");
const documents = ["README.md", ...[...new Glob("docs/**/*.md").scanSync(checkout)].sort()];

const shared = shareDaemon();
afterAll(() => shared[Symbol.asyncDispose]());

test("docs/api.md says what the API says: run `bun scripts/docs.ts`", () => {
  expect(readFileSync(join(checkout, "docs/api.md"), "utf8")).toBe(renderApiPage());
});

test("docs/commands.md says what the commands say: run `bun scripts/docs.ts`", async () => {
  expect(readFileSync(join(checkout, "docs/commands.md"), "utf8")).toBe(await renderCommandPage());
});

test("docs/README.md and docs/integration/README.md name every page beside them", () => {
  for (const index of ["docs", "docs/integration"]) {
    const pages = [...new Glob("*.md").scanSync(join(checkout, index))].filter((name) => name !== "README.md");
    const text = readFileSync(join(checkout, index, "README.md"), "utf8");
    expect(pages.filter((name) => !text.includes(`](${name})`))).toEqual([]);
    expect(pages.length).toBeGreaterThan(10);
  }
});

test("docs/test-api.md says what the test API says: run `bun scripts/docs.ts`", () => {
  expect(readFileSync(join(checkout, "docs/test-api.md"), "utf8")).toBe(renderTestPage());
});

test("docs/prelude.md names every function of the prelude", () => {
  const source = readFileSync(join(checkout, "src/api/stdlib/prelude.lua"), "utf8");
  const names = [...source.matchAll(/^(?:function )?M\.(\w+)(?: =|\()/gm)].map(([, name = ""]) => name);
  const page = readFileSync(join(checkout, "docs/prelude.md"), "utf8");
  const named = new Set([...page.matchAll(/`(\w+)\(/g)].map(([, name = ""]) => name));
  expect(names.filter((name) => !named.has(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(30);
});

for (const document of documents) {
  const text = readFileSync(join(checkout, document), "utf8");
  const blocks = readBlocks(text);

  describe(document, () => {
    test("links to what exists", () => {
      const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
      const broken = links.filter(([, path = "", anchor]) => {
        const target = path === "" ? join(checkout, document) : join(checkout, dirname(document), path);
        if (!existsSync(target)) return true;
        return anchor !== undefined && !findAnchors(readFileSync(target, "utf8")).has(anchor);
      });
      expect(broken.map(([link]) => link)).toEqual([]);
    });

    const example = exampleOf(document);
    if (example !== undefined)
      test("shows files as they are in its example", () => {
        const titled = blocks.flatMap(({ title, body }) => (title === undefined ? [] : [[title, body]]));
        const files = titled.map(([title = ""]) => [title, readExample(example, title)]);
        expect(titled).toEqual(files);
      });

    if (blocks.some(isScript)) test("has Lua that is valid", () => inDirectory((at) => validate(blocks, at)));

    if (blocks.some(({ language }) => language === "sh" || language === "console")) {
      test("shows what happens", () =>
        inDirectory(async (directory) => {
          const shown = blocks.flatMap(({ title }) => title ?? []);
          await using place = await openPlace(document, directory, shown, shared);
          const printed = await runBlocks(blocks, place);
          expect(printed.filter((each) => !looksLike(each.output, each.printed))).toEqual([]);
        }));
    }
  });
}

function readExample(directory: string, name: string): string {
  const path = join(directory, name);
  return existsSync(path) ? readFileSync(path, "utf8") : "no such file";
}

async function validate(blocks: readonly Block[], directory: string): Promise<void> {
  const names = blocks.filter(isScript).map(({ body, line }) => {
    const name = `line-${line}.lua`;
    const result = /\bbk\.(export|target)\(/.test(body) ? "" : "\nbk.export(bk.scratch())\n";
    writeFileSync(join(directory, name), body + result);
    return name;
  });
  const { stdout } = Bun.spawnSync([luakit, "validate", ...names], { cwd: directory });
  // Warnings stand between the verdicts.
  expect(stdout.toString().split("\n")).toEqual(expect.arrayContaining(names.map((name) => `✓ ${name}`)));
}

/** A block without a title stands alone. */
function isScript({ language, title }: Block): boolean {
  return language === "lua" && title === undefined;
}

/** The anchors that GitHub gives to the headings of a document. */
function findAnchors(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Glob } from "bun";

/** Folders of tests that look at the whole, not at one file. */
const wholes = ["integration", "conformance", "bench", "support", "stress"];

test("every unit test mirrors a source file", () => {
  const strays = [...new Glob("*/**/*.test.ts").scanSync("test")].filter((path) => {
    const [room = ""] = path.split("/");
    return !wholes.includes(room) && !existsSync(`src/${path.replace(/\.test\.ts$/, ".ts")}`);
  });
  expect(strays).toEqual([]);
});

test("every room is named in src/README.md", async () => {
  const readme = await Bun.file("src/README.md").text();
  const rooms = new Set([...new Glob("*/*").scanSync("src")].map((path) => path.split("/")[0] ?? ""));
  expect([...rooms].filter((room) => !readme.includes(`\`${room}/\``))).toEqual([]);
});

test("every room that src/README.md names is there, and named once", async () => {
  const readme = await Bun.file("src/README.md").text();
  const rows = [...readme.matchAll(/^\| \d+ +\| `([\w.]+)\/?` +\|/gm)].map(([, name = ""]) => name);
  expect(rows.filter((name) => !existsSync(`src/${name}`))).toEqual([]);
  expect(new Set(rows).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThan(15);
});

describe.each(["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "src/README.md"])("%s", (page) => {
  const text = readFileSync(page, "utf8");
  const rooms = new Set([...new Glob("*/*").scanSync("src")].map((path) => path.split("/")[0] ?? ""));

  test("links to what exists", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = ""]) => path);
    expect(links.filter((path) => !existsSync(join(dirname(page), path)))).toEqual([]);
  });

  test("names files and folders that exist", () => {
    const words = [...text.replace(/^```.*?^```$/gms, "").matchAll(/`([\w./-]+)`/g)].map(([, word = ""]) => word);
    const paths = words.filter((word) => {
      const [first = ""] = word.split("/");
      return word.includes("/") && (rooms.has(first) || existsSync(first));
    });
    const lost = paths.filter((path) => !isPattern(path) && !existsSync(path) && !existsSync(`src/${path}`));
    expect(lost).toEqual([]);
  });

  test("names tasks that exist", async () => {
    const { scripts } = await Bun.file("package.json").json();
    const tasks = [...text.matchAll(/npm run (\w+)/g)].map(([, name = ""]) => name);
    expect(tasks.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

/** `test/ROOM/FILE.test.ts` stands for many. */
function isPattern(path: string): boolean {
  return /(^|[/-])[A-Z]{4,}/.test(path);
}

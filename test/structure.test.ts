import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { Glob } from "bun";

/** Folders of tests that look at the whole, not at one file. */
const wholes = ["integration", "conformance", "bench", "support"];

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

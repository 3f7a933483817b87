import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inDirectory } from "../support/build.ts";
import { readBlocks } from "../support/document.ts";

setDefaultTimeout(60_000);

const checkout = resolve(import.meta.dir, "../..");

test("the test that CONTRIBUTING.md shows passes, and sees what it looks at", async () => {
  const page = readFileSync(join(checkout, "CONTRIBUTING.md"), "utf8");
  const [shown] = readBlocks(page).filter(({ title }) => title?.endsWith(".test.ts"));
  const body = (shown?.body ?? "").replaceAll('"../support/', `"${join(checkout, "test/support")}/`);
  expect(await inDirectory((directory) => runTest(directory, body))).toMatch(/ 1 pass\n 0 fail/);
  const other = body.replace("/greeting", "/other");
  expect(await inDirectory((directory) => runTest(directory, other))).toMatch(/ 0 pass\n 1 fail/);
});

/** What bun says of a test file. */
async function runTest(directory: string, body: string): Promise<string> {
  const path = join(directory, "shown.test.ts");
  writeFileSync(path, body);
  const env = { ...process.env, NO_COLOR: "1" };
  const child = Bun.spawn([process.execPath, "test", path], { cwd: checkout, env, stdout: "pipe", stderr: "pipe" });
  return new Response(child.stderr).text();
}

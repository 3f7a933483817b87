import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../../support/build.ts";
import { solvedIn } from "../../support/solve.ts";
import { effort, tell } from "../effort.ts";

setDefaultTimeout(180_000);

/** Almost what a script may take where nobody says more. */
const seconds = effort(2, 29);

test("a daemon waits for a script that lets nobody answer meanwhile", () =>
  inDirectory(async (directory) => {
    const text = unique();
    const script = `local start = os.time()
while os.time() < start + ${seconds} do end
bk.export(bk.scratch():mkfile("/text", "${text}"))`;
    const { milliseconds } = await solvedIn(directory, script, ["-o", "type=local,dest=out"]);
    tell("long-script", { seconds: Math.round(milliseconds / 1000) });
    expect(readFileSync(join(directory, "out/text"), "utf8")).toBe(text);
  }));

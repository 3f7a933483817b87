import { expect, test } from "bun:test";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseReport, reportFile } from "../../../src/cli/watch/report-file.ts";
import { inDirectory } from "../../support/build.ts";

test("who watches reads what was looked for, and in which state it was", () =>
  inDirectory(async (directory) => {
    const [file, lines] = [join(directory, 'a"\n.lua'), join(directory, "lines")];
    const descriptor = openSync(lines, "w");
    const variables = { LUAKIT_WATCHED: String(descriptor) };
    reportFile(file, variables);
    writeFileSync(file, "x");
    reportFile(file, variables);
    reportFile(file, {});
    reportFile(file, { LUAKIT_WATCHED: "1" });
    closeSync(descriptor);
    const reports = readFileSync(lines, "utf8").trimEnd().split("\n").map(parseReport);
    expect(reports).toEqual([
      [file, "absent"],
      [file, expect.stringMatching(/^\d+:\d+:1:\d+:\d+$/)],
    ]);
  }));

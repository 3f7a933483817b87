import { afterAll, describe } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fuzz } from "./driver/fuzz.ts";
import { fileTargets } from "./targets/files.ts";
import { imageTargets } from "./targets/images.ts";
import { textTargets } from "./targets/texts.ts";

const home = mkdtempSync(join(tmpdir(), "luakit-fuzz-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("what stands in files, flags and answers", () => {
  for (const target of [...imageTargets, ...fileTargets(home), ...textTargets]) fuzz(target);
});

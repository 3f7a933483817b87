import { afterAll, describe } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLibc } from "../../../src/session/fsutil/libc.ts";
import { fuzz } from "./driver/fuzz.ts";
import { fsutilTargets } from "./targets/fsutil.ts";

const home = mkdtempSync(join(tmpdir(), "luakit-fuzz-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const libc = await openLibc();

describe("what the peer of a transfer says", () => {
  for (const target of fsutilTargets(home, libc)) fuzz(target);
});

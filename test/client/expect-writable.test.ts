import { expect, test } from "bun:test";
import { join } from "node:path";
import { expectWritable } from "../../src/client/expect-writable.ts";
import { failureOf } from "../image/failure.ts";
import { inFlagDirectory } from "./flags.ts";

test("a directory may be there, or be made; a file in its way is told", async () => {
  await inFlagDirectory({ file: "", "there/x": "" }, ({ cwd }) => {
    expectWritable(join(cwd, "there"));
    expectWritable(join(cwd, "there/new/deeper"));
    for (const path of ["file", "file/x"]) {
      const { code, message } = failureOf(() => expectWritable(join(cwd, path)));
      expect([code, message]).toEqual(["file.write", expect.stringContaining("a part of the path is no directory")]);
    }
  });
});

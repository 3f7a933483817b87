import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luakit, unique } from "../../support/build.ts";
import { startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import { megabytes, sampled } from "../../support/sampled-run.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, randomOf, tell } from "../effort.ts";

/** MiB of one file that is mostly a hole, and how many files of 1 MiB of other bytes are beside it. */
const sparse = effort(16, 20 * 1024);
const filled = effort(1, 64);
const isLong = sparse > 1024;

setDefaultTimeout(isLong ? 86_400_000 : 60_000);

const mebibyte = 1024 * 1024;
const scratch = mkdtempSync(join(tmpdir(), "luakit-large-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Makes the context; gives what `sha256sum` says of each filled file. */
function makeContext(directory: string, end: string): readonly string[] {
  mkdirSync(directory);
  const fd = openSync(join(directory, "large"), "w");
  ftruncateSync(fd, sparse * mebibyte);
  writeSync(fd, end, sparse * mebibyte - end.length);
  closeSync(fd);
  return Array.from({ length: filled }, (_, index) => {
    const random = randomOf("context", index);
    const bytes = new Uint8Array(mebibyte).map(() => random(256));
    writeFileSync(join(directory, `f${index}`), bytes);
    return `${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}  f${index}`;
  });
}

// busybox's wc counts with 32 bits.
test(`a context of ${sparse + filled} MiB arrives as it is, in no more memory than a small one`, async () => {
  await using own = isLong ? await startOwnBuildkitd() : undefined;
  const bed = testbed();
  const end = `the end ${unique()}`;
  const sums = makeContext(join(scratch, "context"), end);
  const command = `cd /in && stat -c %s large; tail -c ${end.length} large; echo; sha256sum f*`;
  const script = `bk.export(bk.image("${bed.images.busybox}"):run("${command}", {mounts = {bk.bind(bk.local_("context"), "/in")}}))`;
  writeFileSync(join(scratch, "build.lua"), script);
  const flags = ["--addr", own?.addr ?? bed.addr, "--progress=plain", "-c", "context", "-o", "type=cacheonly"];
  const { stderr, memory, milliseconds } = await sampled([luakit, "build", "--solve", ...flags, "build.lua"], {
    cwd: scratch,
  });
  expect(stderr).toContain(` ${sparse * mebibyte}\n`);
  expect(stderr).toContain(` ${end}\n`);
  for (const sum of sums) expect(stderr).toContain(` ${sum}\n`);
  tell(`load: a context of ${Math.round((sparse + filled) / 1024)} GiB`, {
    "MB at most": megabytes(memory.peak),
    "MB halfway": megabytes(memory.early),
    "MB at the end": megabytes(memory.late),
    "MB/s": Math.round(((sparse + filled) * mebibyte) / 1e3 / milliseconds),
  });
  expect(memory.peak).toBeLessThan(220e6);
  expect(memory.late).toBeLessThan(memory.early + 60e6);
});

import { expect, test } from "bun:test";
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import {
  expectReportFile,
  imageIdOf,
  parseResultFiles,
  removeStaleImageId,
  writeRefFile,
  writeReportFile,
  writeResultFiles,
} from "../../src/client/result-files.ts";
import { failureOf } from "../image/failure.ts";
import { complaintOf, inFlagDirectory } from "./flags.ts";

const config = { "containerimage.config.digest": "sha256:c", "containerimage.digest": "sha256:m" };

test("paths are absolute, and their directories are there", async () => {
  await inFlagDirectory({ "dir/x": "" }, (context) => {
    const { cwd } = context;
    expect(parseResultFiles({ metadata: "m.json", imageId: "dir/id", ref: "/dev/null" }, context)).toEqual({
      metadata: join(cwd, "m.json"),
      imageId: join(cwd, "dir/id"),
      ref: "/dev/null",
    });
    expect(complaintOf(() => parseResultFiles({ metadata: "none/m.json" }, context))).toStartWith(
      '--metadata-file: there is no directory "',
    );
    expect(complaintOf(() => parseResultFiles({ imageId: "dir" }, context))).toBe(
      '--iidfile: "dir" is not the name of a file',
    );
    expect(complaintOf(() => parseResultFiles({ ref: "" }, context))).toBe('--ref-file: "" is not the name of a file');
  });
});

test("the id of an image is its config's digest, as docker has it", () => {
  expect(imageIdOf(config)).toBe("sha256:c");
  expect(imageIdOf({ "containerimage.digest": "sha256:m" })).toBe("sha256:m");
  expect(imageIdOf({})).toBeUndefined();
});

test("files are written whole, with nothing beside them", async () => {
  await inFlagDirectory({ id: "old" }, ({ cwd }) => {
    chmodSync(join(cwd, "id"), 0o600);
    const files = { metadata: join(cwd, "m"), imageId: join(cwd, "id"), ref: join(cwd, "r") };
    writeResultFiles(files, config);
    writeRefFile(files, "abc");
    expect(readFileSync(join(cwd, "id"), "utf8")).toBe("sha256:c");
    expect(statSync(join(cwd, "id")).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(cwd, "m"), "utf8"))).toEqual(config);
    expect(readFileSync(join(cwd, "r"), "utf8")).toBe("abc");
    expect(readdirSync(cwd).sort()).toEqual(["id", "m", "r"]);
  });
});

test("a symlink stays one, and a device is written to", async () => {
  await inFlagDirectory({ "target/id": "old" }, ({ cwd }) => {
    symlinkSync("target/id", join(cwd, "link"));
    writeResultFiles({ imageId: join(cwd, "link"), metadata: "/dev/null" }, config);
    expect(lstatSync(join(cwd, "link")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(cwd, "target/id"), "utf8")).toBe("sha256:c");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});

test("an image id of an earlier build is removed", async () => {
  await inFlagDirectory({ id: "old" }, ({ cwd }) => {
    removeStaleImageId({ imageId: join(cwd, "id") });
    removeStaleImageId({ imageId: join(cwd, "id") });
    removeStaleImageId({ imageId: "/dev/null" });
    removeStaleImageId({});
    expect(existsSync(join(cwd, "id"))).toBe(false);
    expect(existsSync("/dev/null")).toBe(true);
  });
});

test("what cannot be written is an error that names the file", async () => {
  await inFlagDirectory({}, ({ cwd }) => {
    mkdirSync(join(cwd, "dir"));
    const error = failureOf(() => writeRefFile({ ref: join(cwd, "none/ref") }, "x"));
    expect([error.code, error.message]).toEqual([
      "file.write",
      `cannot write "${join(cwd, "none/ref")}": its directory does not exist`,
    ]);
    expect(failureOf(() => writeResultFiles({ imageId: join(cwd, "id") }, {})).message).toContain("named no image");
  });
});

test("a report is refused before the build when it cannot be written, and nothing is there until it is", async () => {
  await inFlagDirectory({ "old.html": "old" }, async ({ cwd }) => {
    const [report, old] = [join(cwd, "report.html"), join(cwd, "old.html")];
    expectReportFile({ report });
    expectReportFile({ report: old });
    expectReportFile({});
    expect(existsSync(report)).toBe(false);
    expect(readFileSync(old, "utf8")).toBe("old");
    writeReportFile({ report }, "<!doctype html>");
    expect(readFileSync(report, "utf8")).toBe("<!doctype html>");
    const failure = failureOf(() => expectReportFile({ report: "/proc/none.html" }));
    expect(failure.code).toBe("file.write");
    expect(failure.message).toBe('cannot write "/proc/none.html": its directory does not exist');
  });
});

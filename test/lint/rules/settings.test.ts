import { describe, expect, test } from "bun:test";
import { lintFound } from "../lint-found.ts";

test.each([
  ['bk.image("a:1"):with_dir("app")', 1],
  ['bk.image("a:1"):run("x", {cwd = "app"})', 1],
  ['bk.image("a:1"):with_dir("/app"):with_dir("sub"):run("x", {cwd = "deep"})', 0],
  ['bk.image("a:1"):with_dir("/app"):run("x", {cwd = "."})', 0],
])("relative-workdir: %s", (state, count) => {
  expect(lintFound(`bk.export(${state})`).length).toBe(count);
});

test("relative-workdir: of an image's config", () => {
  expect(lintFound('bk.export(bk.image("a:1"), {workdir = "app"})')).toEqual(["relative-workdir"]);
  expect(lintFound('bk.export(bk.scratch(), {workdir = "app", inherit = false})')).toEqual([]);
});

test.each([
  [':mkdir("/d", {mode = "0777"})', 1],
  [':mkfile("/f", "", {mode = "0666"})', 1],
  [':mkfile("/f", "", {mode = "0664"})', 0],
  [':copy(bk.local_("context"), "a", "/", {mode = "a+w"})', 1],
  [':copy(bk.local_("context"), "a", "/", {mode = "go-w,a+x"})', 0],
  [':run("chmod -R 777 /d")', 1],
  [':run("chmod o+w /d")', 1],
  [':run("chmod 1777 /tmp && chmod +x /a && chmod g+w /b")', 0],
])("world-writable: %s", (call, count) => {
  expect(lintFound(`bk.export(bk.image("a:1")${call})`).length).toBe(count);
});

describe("shared-cache-id", () => {
  const found = (one: string, other: string) =>
    lintFound(`local one = ${one}\nlocal other = ${other}
bk.export(bk.scratch():copy(one, "/a", "/one"):copy(other, "/a", "/other"))`);
  const step = (image: string, cache: string, options = "") =>
    `bk.image("${image}"${options}):run("make", {mounts = {bk.cache(${cache})}})`;

  test("finds another image, or another platform", () => {
    expect(found(step("gcc:15", '"/c"'), step("rust:1", '"/c"'))).toEqual(["shared-cache-id"]);
    const arm = step("gcc:15", '"/c"', ', {platform = "linux/arm64"}');
    expect(found(step("gcc:15", '"/c"'), arm)).toEqual(["shared-cache-id"]);
  });

  test("leaves alone what is one tool's, has an id, is private, or can be shared", () => {
    expect(found(step("gcc:15", '"/c"'), step("gcc:14", '"/c"'))).toEqual([]);
    expect(found(step("gcc:15", '"/c", {id = "x"}'), step("rust:1", '"/c", {id = "x"}'))).toEqual([]);
    expect(found(step("gcc:15", '"/c", {sharing = "private"}'), step("rust:1", '"/c"'))).toEqual([]);
    for (const path of ["/go/pkg/mod", "/root/.cache/go-build", "/root/.npm", "/home/node/.npm/", "/root/.cache/pip"]) {
      expect(found(step("gcc:15", `"${path}"`), step("rust:1", `"${path}"`))).toEqual([]);
    }
    const mount = 'local c = bk.cache("/c")\n';
    const both = (image: string) => `bk.image("${image}"):run("make", {mounts = {c}})`;
    expect(lintFound(`${mount}bk.export(bk.merge(${both("gcc:15")}, ${both("rust:1")}))`)).toEqual([]);
  });
});

test("apt-cache-sharing: locked and private caches are fine, and so is another program", () => {
  const found = (command: string, sharing: string) =>
    lintFound(`bk.export(bk.image("a:1"):run("${command}", {mounts = {
      bk.cache("/var/lib/apt", {sharing = "${sharing}"})}}))`);
  expect(found("apt-get update", "shared")).toEqual(["apt-cache-sharing"]);
  expect(found("apt-get update", "locked")).toEqual([]);
  expect(found("apt-get update", "private")).toEqual([]);
  expect(found("ls", "shared")).toEqual([]);
});

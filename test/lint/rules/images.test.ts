import { expect, test } from "bun:test";
import { image } from "../../../src/llb/source-image.ts";
import { lintFindings, lintFound } from "../lint-found.ts";

const digest = `sha256:${"a".repeat(64)}`;

test.each([
  ["alpine", "unpinned-image"],
  ["alpine:latest", "unpinned-image"],
  ["registry.example:5000/team/app", "unpinned-image"],
])("%s is not pinned", (name, rule) => {
  expect(lintFound(`bk.export(bk.image("${name}"))`)).toEqual([rule]);
});

test.each([["alpine:3.22"], [`alpine@${digest}`], [`alpine:latest@${digest}`]])("%s is pinned", (name) => {
  expect(lintFound(`bk.export(bk.image("${name}"))`)).toEqual([]);
});

test("options pin an image too", () => {
  expect(lintFound(`bk.export(bk.image("alpine", {checksum = "${digest}"}))`)).toEqual([]);
  expect(lintFound('bk.export(bk.image("alpine", {resolve_digest = true}))')).toEqual([]);
});

test("the name that counts is the one that a script makes", () => {
  const script = 'local name = "alpine" .. (bk.arg("TAG", ""))\nbk.export(bk.image(name))';
  expect(lintFound(script)).toEqual(["unpinned-image"]);
  expect(lintFound(script, { buildArguments: new Map([["TAG", ":3.22"]]) })).toEqual([]);
});

test("an image that the client replaces is none of the script's", () => {
  const make = () => image("docker.io/library/busybox:1.37", {}, {});
  const replacements = { local: () => undefined, image: () => ({ type: "state", make }) as const };
  expect(lintFound('bk.export(bk.image("base"))', { replacements })).toEqual([]);
});

test("a digest is asked for only when the rule is enabled", () => {
  const enabled = new Set(["unpinned-digest"]);
  expect(lintFound('bk.export(bk.image("alpine:3.22"))')).toEqual([]);
  expect(lintFound('bk.export(bk.image("alpine:3.22"))', { enabled })).toEqual(["unpinned-digest"]);
});

test.each([
  ['"https://example.com/a.git"', 1],
  ['"https://example.com/a.git#:sub"', 1],
  ['"https://example.com/a.git#main"', 0],
  ['"https://example.com/a.git", {ref = "v1"}', 0],
  [`"https://example.com/a.git", {checksum = "${"a".repeat(40)}"}`, 0],
])("bk.git(%s) is found %d times", (args, count) => {
  expect(lintFound(`bk.export(bk.git(${args}))`).length).toBe(count);
});

test("plain http is worse than https, and neither matters on this machine or with a checksum", () => {
  const found = (url: string, options = "") => lintFound(`bk.export(bk.http("${url}"${options}))`);
  expect(found("http://example.com/a")).toEqual(["insecure-download"]);
  expect(found("https://example.com/a")).toEqual(["unverified-download"]);
  expect(found("http://localhost:8000/a")).toEqual(["unverified-download"]);
  expect(found("http://example.com/a", `, {checksum = "${digest}"}`)).toEqual([]);
});

test("one place is told once, however often it is reached", () => {
  const script = "local parts = {}\nfor i = 1, 3 do parts[i] = bk.image('alpine') end\nbk.export(bk.merge(parts))";
  expect(lintFindings(script).map(({ problem }) => problem.position?.line)).toEqual([2]);
});

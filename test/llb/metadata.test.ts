import { expect, test } from "bun:test";
import { mergeMetadata, metadataOf, progressGroup } from "../../src/llb/metadata.ts";

test("options that say nothing are no metadata", () => {
  expect(metadataOf({})).toBeUndefined();
  expect(metadataOf({ noCache: false, description: new Map() })).toBeUndefined();
});

test("a group's id comes from its name alone", () => {
  expect(progressGroup("compile")).toEqual(progressGroup("compile"));
  expect(progressGroup("compile").id).not.toBe(progressGroup("test").id);
  expect(() => progressGroup("")).toThrow("needs a name");
});

test("the later wins, but a cache once ignored stays ignored", () => {
  const earlier = metadataOf({ name: "a", noCache: true, exportCache: true, group: "one" });
  const later = metadataOf({ name: "b", description: new Map([["k", "v"]]), exportCache: false, group: "two" });
  expect(mergeMetadata(earlier, later)).toEqual({
    description: new Map([
      ["llb.customname", "b"],
      ["k", "v"],
    ]),
    ignoreCache: true,
    exportCache: false,
    progressGroup: progressGroup("two"),
  });
  expect(mergeMetadata(earlier, undefined)).toBe(earlier);
  expect(mergeMetadata(undefined, later)).toBe(later);
});

import { expect, test } from "bun:test";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { run } from "../../src/llb/exec.ts";
import { merge } from "../../src/llb/merge.ts";
import { customName } from "../../src/llb/metadata.ts";
import { withMetadata } from "../../src/llb/state.ts";
import { decodeDefinition } from "../support/definition.ts";
import { alpine, define } from "./sample.ts";

test("metadata and locations are ordered by digest", () => {
  const steps = Array.from({ length: 300 }, (_, number) => run(alpine, `echo ${number}`, {}, {}));
  const { metadata, Source } = decodeDefinition(encodeDefinition(define(merge(steps, {}))));
  expect(Object.keys(metadata)).toEqual(Object.keys(metadata).sort());
  expect(Object.keys(metadata)).toHaveLength(303);
  expect(Object.keys(Source?.locations ?? {})).toEqual(Object.keys(Source?.locations ?? {}).sort());
});

test("a place names its file, then the places that called it", () => {
  const build = { name: "build.lua", data: "require 'base'\n" };
  const module = { name: "lib/base.lua", data: "-- é\n" };
  const step = run(alpine, "x", {}, { location: { source: module, line: 4, caller: { source: build, line: 2 } } });
  const definition = define(step);
  const { Source } = decodeDefinition(encodeDefinition(definition));
  expect(Source?.infos.map(({ filename, language }) => [filename, language])).toEqual([
    ["lib/base.lua", "Lua"],
    ["build.lua", "Lua"],
  ]);
  expect(Buffer.from(Source?.infos[0]?.data ?? []).toString()).toBe("-- é\n");
  const places = Source?.locations[definition.result?.op.digest ?? ""]?.locations;
  expect(places?.map(({ sourceIndex, ranges }) => [sourceIndex, ranges[0]?.start?.line, ranges[0]?.end?.line])).toEqual(
    [
      [0, 4, 4],
      [1, 2, 2],
    ],
  );
});

test("a name may be any text, also that of a digest", () => {
  const name = `x@sha256:${"0".repeat(64)} and sha256:${"0".repeat(64)}`;
  const definition = define(withMetadata(run(alpine, "x", {}, {}), { name }));
  const { metadata } = decodeDefinition(encodeDefinition(definition));
  expect(metadata[definition.result?.op.digest ?? ""]?.description).toEqual({ [customName]: name });
});

import { expect, test } from "bun:test";
import type { ImageConfig } from "../../src/image/config.ts";
import { mkfileAction } from "../../src/llb/action.ts";
import { fileOp } from "../../src/llb/file.ts";
import { merge } from "../../src/llb/merge.ts";
import { image } from "../../src/llb/source-image.ts";
import { type State, scratch } from "../../src/llb/state.ts";
import { configAtEpoch } from "../../src/script/epoch-config.ts";

const config: ImageConfig = {
  architecture: "amd64",
  os: "linux",
  config: {},
  rootfs: { type: "layers", diff_ids: [] },
};
const file = (state: State, path = "/a") => fileOp(state, [mkfileAction(path, "", {})], {});
const base = image("docker.io/library/alpine:3", {}, {});
const told = { created: "2020-01-01T00:00:00Z", created_by: "ADD" };

/** The history at 1970, with a base image of so many layers, and of so many that its history tells of. */
function history(state: State, layers: number | undefined, known = 0) {
  const own = Array.from({ length: known }, () => told);
  const diff_ids = Array.from({ length: layers ?? 0 }, (_, index) => `sha256:${index}`);
  const vertex = base.output?.vertex;
  if (vertex === undefined) throw new Error("the base has no vertex");
  const images = new Map(
    layers === undefined
      ? []
      : [[vertex, { digest: undefined, config: { ...config, rootfs: { type: "layers", diff_ids } } }]],
  );
  const given = { ...config, history: own };
  return configAtEpoch(given, 0, state, images as Parameters<typeof configAtEpoch>[3]).history?.map(
    (each) => each.created_by,
  );
}

test("layers of the base that its history does not tell of are told of", () => {
  expect(history(file(base), 2, 2)).toEqual(["ADD", "ADD", "mkfile /a"]);
  expect(history(file(base), 2, 1)).toEqual(["ADD", "docker-image://docker.io/library/alpine:3", "mkfile /a"]);
});

test("nothing is told where the number of layers is not known, or the history is of more", () => {
  expect(history(file(base), undefined)).toEqual([]);
  expect(history(file(base), 1, 3)).toEqual(["ADD", "ADD", "ADD"]);
});

test("merges of merges take no time", () => {
  let state = file(scratch);
  for (let depth = 0; depth < 60; depth++) state = merge([state, state], {});
  expect(history(state, 0)).toEqual([]);
  expect(history(merge([file(scratch), file(scratch, "/b")], {}), 0)).toEqual(["mkfile /a", "mkfile /b"]);
});

test("a time that the script gives stays", () => {
  const created = "2001-01-01T00:00:00Z";
  expect(configAtEpoch({ ...config, created }, 5, scratch, new Map()).created).toBe(created);
  expect(configAtEpoch(config, 5, scratch, new Map()).created).toBe("1970-01-01T00:00:05Z");
});

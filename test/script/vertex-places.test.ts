import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { symlinkAction } from "../../src/llb/action.ts";
import { fileOp } from "../../src/llb/file.ts";
import { scratch } from "../../src/llb/state.ts";
import { noBaseImages } from "../../src/script/base-images.ts";
import { defineBuild } from "../../src/script/define-build.ts";
import { VertexPlaces } from "../../src/script/vertex-places.ts";

const location = { source: { name: "build.lua", data: "a\nb\n" }, line: 2 };
const platform = { os: "linux", architecture: "amd64" };

test("an error goes to the line that made the vertex, unless it has a place", () => {
  const state = fileOp(scratch, [symlinkAction("a", "/b", {})], { location });
  const definition = defineBuild({ state, config: {} }, platform, noBaseImages);
  const places = new VertexPlaces();
  places.add(definition);
  const error = new LuakitError("build.failed", "no");
  const digest = definition.ops[0]?.digest ?? "";
  expect(places.locate(error, digest).position).toMatchObject({ file: "build.lua", line: 2 });
  expect(places.locate(error, "sha256:other")).toBe(error);
  const placed = error.at({ file: "Dockerfile", line: 7 });
  expect(places.locate(placed, digest)).toBe(placed);
});

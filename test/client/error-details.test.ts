import { expect, test } from "bun:test";
import { readErrorDetails } from "../../src/client/error-details.ts";
import { Source, Vertex } from "../../src/gen/errdefs.ts";

const text = "FROM x\nRUN y\n";

function json(type: string, value: object) {
  return {
    type: `github.com/moby/buildkit/errdefs.${type}+json`,
    value: new TextEncoder().encode(JSON.stringify(value)),
  };
}

test("places and the vertex are read from JSON, the daemon's last place first", () => {
  const info = (filename: string) => ({ filename, data: Buffer.from(text).toString("base64") });
  const details = [
    json("Vertex", { digest: "sha256:a" }),
    json("Source", { info: info("build.lua"), ranges: [{ start: { line: 1 }, end: { line: 1 } }] }),
    json("Source", { info: info("Dockerfile"), ranges: [{}, { start: { line: 2 } }, { start: { line: 3 } }] }),
    json("Solve", {}),
  ];
  expect(readErrorDetails(details)).toEqual({
    vertex: "sha256:a",
    sources: [
      { file: "Dockerfile", line: 2, source: text },
      { file: "build.lua", line: 1, source: text },
    ],
  });
});

test("protobuf is read too", () => {
  const data = new TextEncoder().encode(text);
  const source = Source.encode({ info: { filename: "build.lua", data }, ranges: [{ start: { line: 2 } }] });
  const details = [
    { type: "type.googleapis.com/errdefs.Source", value: source },
    { type: "type.googleapis.com/errdefs.Vertex", value: Vertex.encode({ digest: "sha256:b" }) },
  ];
  expect(readErrorDetails(details)).toEqual({
    vertex: "sha256:b",
    sources: [{ file: "build.lua", line: 2, source: text }],
  });
});

test("what makes no sense is passed over", () => {
  const garbage = { type: "github.com/moby/buildkit/errdefs.Source+json", value: Uint8Array.of(255, 255, 255) };
  expect(readErrorDetails([garbage, json("Source", { ranges: [{ start: { line: "x" } }] })])).toEqual({
    vertex: undefined,
    sources: [],
  });
});

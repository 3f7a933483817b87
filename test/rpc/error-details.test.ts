import { describe, expect, test } from "bun:test";
import { Solve, Source, Vertex } from "../../src/gen/errdefs.ts";
import { ExitMessage } from "../../src/gen/gateway.ts";
import { decodeDetail, detailsOf, failedVertexOf, sourcesOf } from "../../src/rpc/error-details.ts";
import { rpcError, statusOf } from "../../src/rpc/status.ts";

const prefix = "github.com/moby/buildkit/";

function json(name: string, value: unknown) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { type: `${prefix}${name}+json`, value: new TextEncoder().encode(text) };
}

describe("BuildKit's JSON", () => {
  test.each([
    ["errdefs.Vertex", { digest: "sha256:1" }, { kind: "vertex", value: { digest: "sha256:1" } }],
    ["errdefs.Frontend", { name: "dockerfile.v0" }, { kind: "frontend", value: { name: "dockerfile.v0", source: "" } }],
    ["errdefs.FrontendCap", { name: "cap" }, { kind: "frontend-cap", value: { name: "cap" } }],
    ["errdefs.Subrequest", { name: "outline" }, { kind: "subrequest", value: { name: "outline" } }],
    [
      "errdefs.CompatibilityFeature",
      { version: 2, feature: "f" },
      { kind: "compatibility-feature", value: { version: 2, feature: "f" } },
    ],
    ["gatewayapi.ExitMessage", { Code: 137 }, { kind: "exit", value: { Code: 137 } }],
    ["gatewayapi.ExitMessage", {}, { kind: "exit", value: { Code: 0 } }],
    [
      "stack.Stack",
      { frames: [{ Name: "f", File: "x.go", Line: 3 }], pid: 7 },
      {
        kind: "stack",
        value: { frames: [{ Name: "f", File: "x.go", Line: 3 }], cmdline: [], pid: 7, version: "", revision: "" },
      },
    ],
    [
      "errdefs.Solve",
      { inputIDs: ["a", "b"], mountIDs: ["c"], op: { exec: {} }, file: { index: "2" }, description: { k: "v" } },
      {
        kind: "solve",
        value: { inputIDs: ["a", "b"], mountIDs: ["c"], file: { index: 2 }, cache: undefined, description: { k: "v" } },
      },
    ],
    [
      "errdefs.Source",
      {
        info: { filename: "build.lua", data: "bG9jYWw=", language: "Lua" },
        ranges: [{ start: { line: 2 }, end: { line: 3, character: 4 } }],
      },
      {
        kind: "source",
        value: {
          info: { filename: "build.lua", data: new TextEncoder().encode("local"), language: "Lua" },
          ranges: [{ start: { line: 2, character: 0 }, end: { line: 3, character: 4 } }],
        },
      },
    ],
  ])("%s", (name, value, detail) => {
    expect(decodeDetail(json(name, value))).toEqual(detail as never);
  });

  test.each([
    ["errdefs.Vertex", "no json"],
    ["errdefs.Vertex", "[]"],
    ["errdefs.Vertex", { digest: 5 }],
    ["errdefs.Source", { info: "x" }],
    ["errdefs.Source", { info: { data: "!!" } }],
    ["errdefs.Source", { ranges: {} }],
    ["errdefs.Unknown", {}],
  ])("a malformed or unknown %s is passed over: %j", (name, value) => {
    expect(decodeDetail(json(name, value))).toBeUndefined();
  });
});

describe("plain messages", () => {
  test.each([
    ["errdefs.Vertex", Vertex.encode({ digest: "sha256:1" }), { kind: "vertex", value: { digest: "sha256:1" } }],
    ["gatewayapi.ExitMessage", ExitMessage.encode({ Code: 3 }), { kind: "exit", value: { Code: 3 } }],
  ])("%s", (name, value, detail) => {
    expect(decodeDetail({ type: `type.googleapis.com/${name}`, value })).toEqual(detail as never);
  });

  test("errdefs.Source and errdefs.Solve", () => {
    const source = { info: { filename: "f", data: Uint8Array.of(1), language: "" }, ranges: [{ start: { line: 1 } }] };
    expect(decodeDetail({ type: `${prefix}errdefs.Source`, value: Source.encode(source) })).toMatchObject({
      kind: "source",
      value: { info: { filename: "f" }, ranges: [{ start: { line: 1, character: 0 } }] },
    });
    const solve = Solve.encode({ inputIDs: ["a"], cache: { index: 1 } });
    expect(decodeDetail({ type: `${prefix}errdefs.Solve`, value: solve })).toMatchObject({
      value: { inputIDs: ["a"], cache: { index: 1 } },
    });
  });

  test("malformed bytes are passed over", () => {
    expect(decodeDetail({ type: `${prefix}errdefs.Vertex`, value: Uint8Array.of(0xff) })).toBeUndefined();
  });
});

test("a status gives its details in their order, its sources and its vertex", () => {
  const details = [
    json("errdefs.Source", { info: { filename: "a" } }),
    json("errdefs.Vertex", { digest: "sha256:1" }),
    json("errdefs.Vertex", "broken"),
    json("errdefs.Source", { info: { filename: "b" } }),
  ];
  const status = statusOf(rpcError({ code: 2, message: "m", details })) ?? { details: [] };
  expect(detailsOf(status).map(({ kind }) => kind)).toEqual(["source", "vertex", "source"]);
  expect(sourcesOf(status).map(({ info }) => info?.filename ?? "")).toEqual(["a", "b"]);
  expect(failedVertexOf(status)).toBe("sha256:1");
  expect(failedVertexOf({ details: [] })).toBeUndefined();
});

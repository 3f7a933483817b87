import { describe, expect, test } from "bun:test";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { marshal } from "../../src/llb/marshal.ts";
import type { State } from "../../src/llb/state.ts";
import type { Graph } from "./cases/case.ts";
import { execs } from "./cases/execs.ts";
import { files } from "./cases/files.ts";
import { frontends } from "./cases/frontends.ts";
import { graphs } from "./cases/graphs.ts";
import { metadata } from "./cases/metadata.ts";
import { sources } from "./cases/sources.ts";

const folder = import.meta.dir;
const expected: Record<string, string> = await Bun.file(`${folder}/expected.json`).json();
const ours = { ...sources, ...execs, ...files, ...graphs, ...metadata, ...frontends };

function encode(entry: State | Graph): string {
  const { state, options } = "options" in entry ? entry : { state: entry, options: {} };
  const definition = marshal(state, {
    platform: { os: "linux", architecture: "amd64" },
    localUniqueId: "conformance",
    ...options,
  });
  return Buffer.from(encodeDefinition(definition)).toString("base64");
}

// Readable when it fails: the texts inside the bytes, in their order.
function texts(base64: string | undefined): string {
  return Buffer.from(base64 ?? "", "base64")
    .toString("latin1")
    .replace(/sha256:[0-9a-f]{64}/g, (digest) => digest.slice(0, 15))
    .replace(/[^\x20-\x7e]+/g, (bytes) => ` ${Buffer.from(bytes, "latin1").toString("hex")} `);
}

describe("a Definition has the bytes that BuildKit's Go client gives it", () => {
  for (const [name, entry] of Object.entries(ours)) {
    test(name, () => {
      const actual = encode(entry);
      if (actual !== expected[name]) expect(texts(actual)).toBe(texts(expected[name]));
      expect(actual === expected[name]).toBe(true);
    });
  }
});

test("both sides know the same graphs", () => {
  expect(Object.keys(ours).sort()).toEqual(Object.keys(expected).sort());
});

test.skipIf(Bun.which("go") === null && process.env.CI !== "true")(
  "expected.json is what the Go client makes today",
  async () => {
    const printed = await Bun.$`sh ${folder}/generate.sh --print`.json();
    expect(printed).toEqual(expected);
  },
  300_000,
);

import { describe, expect, test } from "bun:test";
import { solveDefinition } from "../../src/client/solve-definition.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { Definition } from "../../src/gen/ops.ts";
import { Writer } from "../../src/wire/writer.ts";

const ops = [new Uint8Array([1, 2, 3]), new Uint8Array(200).fill(7)];
const metadata = { "sha256:aa": {}, "sha256:bb": { ignore_cache: false } };
const plain = Definition.encode({ def: ops, metadata, Source: {} });

describe("a Definition", () => {
  test("goes to the daemon as it is, whoever wrote it", () => {
    expect(solveDefinition(plain, false)).toBe(plain);
    const writer = new Writer(64);
    writer.raw(new Uint8Array([0x78, 1]));
    writer.raw(plain);
    const unusual = writer.view(0).slice();
    expect(solveDefinition(unusual, false)).toBe(unusual);
  });

  test("has each of its steps run anew", () => {
    const source = solveDefinition(plain, true);
    if (typeof source === "function") throw new Error("it is small");
    const { def, metadata: written } = Definition.decode(source);
    expect(def).toEqual(ops);
    expect(Object.values(written).map(({ ignore_cache }) => ignore_cache)).toEqual([true, true]);
  });

  test("that fills a message goes by itself", () => {
    const full = Definition.encode({ def: [new Uint8Array(15.5 * 1024 * 1024)] });
    expect(typeof solveDefinition(full, false)).toBe("function");
  });

  test.each([
    ["text", new TextEncoder().encode("bk.export(bk.scratch())")],
    ["one that is cut", plain.subarray(0, plain.length - 1)],
    ["one that is cut in its first op", plain.subarray(0, 4)],
    ["one with a length that does not end", new Uint8Array([0x0a, ...new Uint8Array(12).fill(0xff)])],
    ["nothing, as a command that failed leaves it", new Uint8Array()],
    ["a message without ops", Definition.encode({ metadata })],
  ])("is not %s", (_, bytes) => {
    const code = (noCache: boolean) => {
      try {
        solveDefinition(bytes, noCache);
      } catch (error) {
        return error instanceof LuakitError ? error.code : error;
      }
      return "taken";
    };
    expect([code(false), code(true)]).toEqual(["graph.decode", "graph.decode"]);
  });
});

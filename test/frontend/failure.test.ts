import { expect, test } from "bun:test";
import { readErrorDetails } from "../../src/client/error-details.ts";
import { LuakitError, type Position } from "../../src/diagnostic/luakit-error.ts";
import { toStatus } from "../../src/frontend/failure.ts";
import { sourcesOf } from "../../src/rpc/error-details.ts";
import { sourceDetail } from "../../src/rpc/source-detail.ts";
import { rpcError, type Status } from "../../src/rpc/status.ts";

const source = "local a\nlocal b\n";
const position: Position = { file: "build.lua", line: 2, source };
const callers: readonly Position[] = [
  { file: "lib/a.lua", line: 1, source },
  { file: "build.lua", line: 1, source },
];

/** The places as a client of the daemon gets them: each hop turns their order round. */
function placesOf({ details }: Status): string[] {
  const { sources } = readErrorDetails(details.toReversed());
  return sources.map(({ file, line }) => `${file}:${line}`);
}

test("an error of the script is its place, its sentence and its hint; the lines go along", () => {
  const error = new LuakitError("script.option", "bk.arg: no", { position, callers, hint: "--build-arg A=b" });
  const status = toStatus(error);
  expect(status.code).toBe(2);
  expect(status.message).toBe("build.lua:2: bk.arg: no\nhint: --build-arg A=b (buildctl: --opt build-arg:A=b)");
  expect(placesOf(status)).toEqual(["build.lua:2", "lib/a.lua:1", "build.lua:1"]);
  expect(sourcesOf(status)[0]).toMatchObject({
    info: { filename: "build.lua", data: new TextEncoder().encode(source), language: "Lua" },
    ranges: [{ start: { line: 2 }, end: { line: 2 } }],
  });
});

test("what is too long for a client is cut, and a script that is too large is left out", () => {
  const large = { ...position, source: "-".repeat(5 << 20) };
  const status = toStatus(new LuakitError("script.runtime", "z".repeat(1e7), { position: large, callers }));
  expect(status.message.length).toBeLessThan(66_000);
  expect(status.message).toMatch(/^build\.lua:2: z+… \(\d+ more characters\)$/);
  expect(placesOf(status)).toEqual(["lib/a.lua:1", "build.lua:1"]);
});

test("an error without a place has a source that shows nothing", () => {
  const status = toStatus(new LuakitError("usage", "no"));
  expect(status.message).toBe("no");
  expect(sourcesOf(status)).toEqual([{ info: undefined, ranges: [] }]);
});

test("what the daemon said passes through with its details, in the order that the daemon reads", () => {
  const other = { type: "github.com/moby/buildkit/errdefs.Vertex+json", value: new TextEncoder().encode("{}") };
  const details = [sourceDetail({ file: "outer.lua", line: 1 }), sourceDetail({ file: "inner.lua", line: 1 }), other];
  const said = rpcError({ code: 5, message: "rpc error: code = NotFound desc = secret tok: not found", details });
  expect(toStatus(said)).toEqual({ code: 5, message: "secret tok: not found", details: details.toReversed() });
  expect(placesOf(toStatus(said))).toEqual(["inner.lua:1", "outer.lua:1"]);
});

test("the line that made us ask the daemon is added to what it said", () => {
  const status = toStatus(rpcError({ code: 5, message: "busybox: not found", details: [] }).at(position, callers));
  expect(status).toMatchObject({ code: 5, message: "busybox: not found" });
  expect(placesOf(status)).toEqual(["build.lua:2", "lib/a.lua:1", "build.lua:1"]);
});

test("a bug is one line that says so", () => {
  const status = toStatus(new TypeError("x is not a function\n  at y"));
  expect(status.code).toBe(13);
  expect(status.message).toBe("luakit has a bug: TypeError: x is not a function");
  expect(toStatus("thrown").message).toBe("luakit has a bug: thrown");
});

test("no control character reaches a terminal", () => {
  expect(toStatus(new LuakitError("script.runtime", "a\u001b[31mb\tc\u0007")).message).toBe("a[31mb\tc");
});

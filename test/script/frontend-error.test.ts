import { expect, test } from "bun:test";
import { readErrorDetails } from "../../src/client/error-details.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { sourcesOf } from "../../src/rpc/error-details.ts";
import { rpcError, statusOf } from "../../src/rpc/status.ts";
import { frontendError } from "../../src/script/frontend-error.ts";

const source = { name: "build.lua", data: "local x = 1\nbk.dockerfile()\n" };
const location = { source, line: 2, caller: { source, line: 1 } };

test("the lines of a Dockerfile were reached from the script's, which come before them as a daemon writes places", () => {
  const value = { info: { filename: "Dockerfile", data: btoa("FROM\n") }, ranges: [{ start: { line: 1 } }] };
  const detail = {
    type: "github.com/moby/buildkit/errdefs.Source+json",
    value: new TextEncoder().encode(JSON.stringify(value)),
  };
  const error = rpcError({ code: 2, message: "dockerfile parse error", details: [detail] });
  const told = frontendError(error, location);
  const status = statusOf(told);
  if (status === undefined) throw new Error("no status");
  expect(told).toMatchObject({ code: "rpc.unknown", message: "dockerfile parse error", position: undefined });
  expect(
    sourcesOf(status).map(({ info, ranges }) => [info?.filename, info?.data.length, ranges[0]?.start?.line]),
  ).toEqual([
    ["build.lua", source.data.length, 1],
    ["build.lua", source.data.length, 2],
    ["Dockerfile", 5, 1],
  ]);
});

test("an error without a place is at the script's line", () => {
  const error = rpcError({ code: 2, message: "no such frontend", details: [] });
  expect(readErrorDetails(statusOf(frontendError(error, location))?.details ?? []).sources).toEqual([
    { file: "build.lua", line: 2, source: source.data },
    { file: "build.lua", line: 1, source: source.data },
  ]);
  expect(frontendError(new LuakitError("image.config", "bad"), location)).toMatchObject({ position: { line: 2 } });
});

test("errors that are no one's fault, and calls without a place, stay as they are", () => {
  const bug = new TypeError("bug");
  const error = new LuakitError("image.config", "bad");
  expect(frontendError(bug, location)).toBe(bug);
  expect(frontendError(error, undefined)).toBe(error);
});

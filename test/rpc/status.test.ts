import { describe, expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { Status as StatusMessage } from "../../src/gen/rpc-status.ts";
import { headerValue } from "../../src/h2/header-list.ts";
import { makeStatus, okStatus, rpcError, statusOf, statusOfTrailers, trailersOf } from "../../src/rpc/status.ts";

const details = [{ type: "github.com/moby/buildkit/errdefs.Vertex+json", value: new TextEncoder().encode("{}") }];

describe("statusOfTrailers", () => {
  test("gives code, decoded message and details", () => {
    const status = { code: 5, message: "nö\nthing", details };
    expect(statusOfTrailers(trailersOf(status), "200")).toEqual(status);
  });

  test.each([true, false])("takes details with padding and without (%p)", (omitPadding) => {
    const any = details.map(({ type, value }) => ({ type_url: type, value }));
    const bytes = StatusMessage.encode({ code: 2, message: "mm", details: any });
    expect(bytes.length % 3).not.toBe(0);
    const value = bytes.toBase64({ omitPadding });
    const trailers = [
      ["grpc-status", "2"],
      ["grpc-status-details-bin", value],
    ] as const;
    expect(statusOfTrailers(trailers, "200").details).toEqual(details);
  });

  test.each(["!!!", "", "AAAA"])("malformed details are left out: %j", (value) => {
    const trailers = [
      ["grpc-status", "2"],
      ["grpc-message", "m"],
      ["grpc-status-details-bin", value],
    ] as const;
    expect(statusOfTrailers(trailers, "200")).toEqual(makeStatus(2, "m"));
  });

  test("an OK has neither message nor details", () => {
    expect(statusOfTrailers([["grpc-status", "0"]], "200")).toBe(okStatus);
  });

  test.each(["abc", "-1", "9".repeat(20), "9".repeat(400)])(
    "a code that is no number of 32 bits is UNKNOWN: %s",
    (code) => {
      expect(statusOfTrailers([["grpc-status", code]], "200").code).toBe(2);
    },
  );

  test("a message that is no Unicode is sent nevertheless", () => {
    expect(statusOfTrailers(trailersOf({ code: 2, message: "\ud800", details }), "200").message).toBe("\ufffd");
  });

  test.each([
    ["200", 2, "the call ended without a status"],
    [undefined, 2, "the call ended without a status"],
    ["404", 12, "the server answered with HTTP status 404"],
    ["401", 16, "the server answered with HTTP status 401"],
    ["403", 7, "the server answered with HTTP status 403"],
    ["503", 14, "the server answered with HTTP status 503"],
    ["400", 13, "the server answered with HTTP status 400"],
    ["500", 2, "the server answered with HTTP status 500"],
  ])("HTTP status %s without grpc-status", (http, code, message) => {
    expect(statusOfTrailers([], http)).toEqual(makeStatus(code, message));
  });
});

test("trailersOf leaves out what is empty", () => {
  expect(trailersOf(okStatus)).toEqual([["grpc-status", "0"]]);
  expect(headerValue(trailersOf({ code: 2, message: "", details }), "grpc-message")).toBeUndefined();
  expect(headerValue(trailersOf({ code: 2, message: "", details }), "grpc-status-details-bin")).not.toContain("=");
});

describe("rpcError", () => {
  test.each([
    [1, "rpc.cancelled"],
    [5, "rpc.not-found"],
    [12, "rpc.unimplemented"],
    [16, "rpc.unauthenticated"],
    [17, "rpc.unknown"],
  ])("code %d is %s", (code, name) => {
    const error = rpcError(makeStatus(code, "why"));
    expect([error.code as string, error.message]).toEqual([name, "why"]);
  });

  test("an empty message still says something", () => {
    expect(rpcError(makeStatus(5, "")).message).toBe("the call failed: not-found");
  });

  test("statusOf gives the status back, and of no other error", () => {
    const status = makeStatus(5, "x");
    expect(statusOf(rpcError(status))).toBe(status);
    expect(statusOf(new LuakitError("rpc.not-found", "x", { cause: new Error("y") }))).toBeUndefined();
    expect(statusOf(new Error("x", { cause: status }))).toBeUndefined();
    expect(statusOf(undefined)).toBeUndefined();
  });
});

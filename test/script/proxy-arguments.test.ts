import { expect, test } from "bun:test";
import { proxyOf, proxyOptions, proxySteps } from "../../src/script/proxy-arguments.ts";

const given = new Map([
  ["no_proxy", "lower"],
  ["NO_PROXY", "UPPER"],
  ["HTTP_PROXY", "http://p:1"],
  ["https_proxy", "http://p:2"],
  ["Ftp_Proxy", "f"],
  ["ALL_PROXY", "a"],
  ["MY_HTTP_PROXY", "x"],
]);

test("a proxy is what its variables say in any case, the lower one before the upper", () => {
  expect(proxyOf(given)).toEqual({ http: "http://p:1", https: "http://p:2", ftp: "f", no: "lower", all: "a" });
});

test("other frontends get it as they know it", () => {
  expect(proxyOptions(given)).toEqual({
    "build-arg:ALL_PROXY": "a",
    "build-arg:Ftp_Proxy": "f",
    "build-arg:HTTP_PROXY": "http://p:1",
    "build-arg:NO_PROXY": "UPPER",
    "build-arg:https_proxy": "http://p:2",
    "build-arg:no_proxy": "lower",
  });
});

test("there is none without them", () => {
  expect([proxyOf(new Map()), proxySteps(new Map([["A", "1"]])), proxyOptions(new Map())]).toEqual([
    undefined,
    undefined,
    {},
  ]);
});

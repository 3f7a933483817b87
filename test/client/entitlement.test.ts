import { expect, test } from "bun:test";
import {
  entitlementsOf,
  entitlementsOfEncoded,
  missingEntitlements,
  parseAllowed,
} from "../../src/client/entitlement.ts";
import { bytesOf } from "../../src/llb/definition.ts";
import type { RunOptions } from "../../src/llb/exec.ts";
import { run } from "../../src/llb/exec.ts";
import { alpine, define } from "../llb/sample.ts";
import { complaintOf } from "./flags.ts";

test.each([
  [["network.host"], ["network.host"]],
  [
    ["security.insecure", "network.host", "security.insecure"],
    ["security.insecure", "network.host"],
  ],
  [["device"], ["device"]],
  [["device="], ["device="]],
  [["device=vendor.com/class=name"], ["device=vendor.com/class=name"]],
  [["device=a,alias=b"], ["device=a,alias=b"]],
  [["buildx.local.delete"], []],
])("%j allows %j", (values, entitlements) => {
  expect(parseAllowed(values)).toEqual({ entitlements, localDelete: values.includes("buildx.local.delete") });
});

test.each([
  ["", 'there is no entitlement ""'],
  ["network.hots", 'there is no entitlement "network.hots" (did you mean "network.host"?)'],
  ["insecure", 'there is no entitlement "insecure"'],
  ["network.host=1", "network.host takes no value"],
  ["buildx.local.delete=1", "buildx.local.delete takes no value"],
  ["device=a,b", '"b" is not alias=NAME'],
  ["device=a,x=y", '"x=y" is not alias=NAME'],
  ["device=,alias=b", "the name is empty"],
])("%j is refused: %s", (value, complaint) => {
  expect(complaintOf(() => parseAllowed([value]))).toContain(complaint);
});

function opsOf(options: RunOptions) {
  const definition = define(run(alpine, ["true"], options, {}));
  return { ops: definition.ops, encoded: definition.ops.map((op) => bytesOf(definition, op)) };
}

test.each([
  [{}, []],
  [{ network: "none" }, []],
  [{ network: "host" }, ["network.host"]],
  [{ security: "insecure" }, ["security.insecure"]],
  [{ network: "host", security: "insecure" }, ["network.host", "security.insecure"]],
  [{ devices: [{ name: "vendor.com/class=name" }] }, ["device"]],
  [{ devices: [{ name: "vendor.com/class=name", optional: true }] }, []],
] satisfies [RunOptions, string[]][])("a step with %j needs %j", (options, needed) => {
  const { ops, encoded } = opsOf(options);
  expect<string[]>([...entitlementsOf(ops).keys()]).toEqual(needed);
  expect<string[]>([...entitlementsOfEncoded(encoded)]).toEqual(needed);
});

test("what is missing is what no flag grants", () => {
  expect(missingEntitlements(["network.host", "device"], ["device=a"])).toEqual(["network.host"]);
  expect(missingEntitlements(["security.insecure"], [])).toEqual(["security.insecure"]);
});

import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { sendWarnings } from "../../src/frontend/script-warnings.ts";
import type { GatewayWarning } from "../../src/gateway/warning.ts";
import { fakeGateway } from "../script/fake-gateway.ts";

const script = { file: { name: "build.lua", data: "one\ntwo" }, vertex: "sha256:script" };
const warning = new LuakitError("script.runtime", "is old\nread on", {
  position: { file: "build.lua", line: 2, source: "one\ntwo" },
});

function openGateway(...caps: string[]) {
  const calls: (string | GatewayWarning)[] = [];
  const gateway = {
    ...fakeGateway({ gatewayCaps: caps }),
    note: async (text: string) => {
      calls.push(text);
      return "sha256:note" as const;
    },
    warn: async (warning: GatewayWarning) => void calls.push(warning),
  };
  return { gateway, calls };
}

test("are put on a line of their own, which is shown again so that plain progress prints them", async () => {
  const { gateway, calls } = openGateway("gateway.warnings", "source.metaresolver");
  await sendWarnings(gateway, script, [warning]);
  const [first, sent, last] = calls;
  expect([first, last]).toEqual(["[build.lua] 1 warning", "[build.lua] 1 warning"]);
  expect(sent).toEqual({
    vertex: "sha256:note",
    short: "is old (build.lua:2)",
    detail: ["read on"],
    place: { source: { name: "build.lua", data: "one\ntwo" }, line: 2 },
  });
});

test("are put on the step that read the script when the daemon shows no such lines", async () => {
  const { gateway, calls } = openGateway("gateway.warnings");
  await sendWarnings(gateway, script, [warning, new LuakitError("script.runtime", "nowhere", { hint: "look" })]);
  expect(calls).toMatchObject([
    { vertex: "sha256:script", short: "is old (build.lua:2)" },
    { vertex: "sha256:script", short: "nowhere", detail: ["hint: look"] },
  ]);
});

test("nothing is said when there is nothing to say, or nobody to hear it, or the daemon fails", async () => {
  const { gateway, calls } = openGateway("source.metaresolver");
  await sendWarnings(gateway, script, [warning]);
  await sendWarnings(openGateway("gateway.warnings").gateway, script, []);
  expect(calls).toEqual([]);
  await sendWarnings({ ...gateway, warn: () => Promise.reject(new Error("no")) }, script, [warning]);
  const failing = fakeGateway({ gatewayCaps: ["gateway.warnings"] });
  await sendWarnings(failing, script, [warning]);
});

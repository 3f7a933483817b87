import { expect, test } from "bun:test";
import { contextOptions, passedContexts } from "../../src/frontend/passed-contexts.ts";
import { Definition } from "../../src/gen/ops.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { local } from "../../src/llb/source-local.ts";
import { platform } from "./fake-client.ts";

const bytes = encodeDefinition(marshal(local("files", {}, {}), { platform }));
const gateway = { inputs: async () => new Map([["base", Definition.decode(bytes)]]) };
const pass = (options: Readonly<Record<string, string>>) =>
  passedContexts(gateway, contextOptions(new Map(Object.entries(options))))?.();

test("named contexts go on as they are, and what frontends must know for them", async () => {
  const given = {
    "context:alpine": "docker-image://alpine:3.20",
    "context:src::linux/arm64": "local:files",
    "local-sessionid:files": "other",
    "sharedkey:localdir:src": "key",
  };
  expect(await pass({ ...given, target: "app", context: "https://host/x.git" })).toEqual({
    options: { ...given, "frontend.caps": "moby.buildkit.frontend.contexts+forward" },
    inputs: {},
  });
});

test("inputs go on under names that a Dockerfile's own inputs do not have", async () => {
  const given = { "context:base": "input:base", "context:gone": "input:none", "input-metadata:base": "{}" };
  expect(await pass(given)).toEqual({
    options: {
      "context:base": "input:client.base",
      "context:gone": "input:client.none",
      "input-metadata:client.base": "{}",
      "frontend.caps": "moby.buildkit.frontend.contexts+forward",
    },
    inputs: { "client.base": bytes },
  });
});

test("without a named context nothing goes on", () => {
  expect(pass({ "local-sessionid:context": "other", "input-metadata:base": "{}" })).toBeUndefined();
});

import { expect, test } from "bun:test";
import { Definition as WireDefinition } from "../../src/gen/ops.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { run } from "../../src/llb/exec.ts";
import { readFrontendGraph } from "../../src/llb/frontend-graph.ts";
import { input } from "../../src/llb/input.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { local } from "../../src/llb/source-local.ts";

const platform = { os: "linux", architecture: "amd64" };
const given = marshal(local("files", {}, {}), { platform });
const graph = readFrontendGraph(WireDefinition.decode(encodeDefinition(given)), { ours: new Map(), files: new Map() });

test("the ops of a ready graph take its place, byte for byte", () => {
  const state = input(graph, undefined, {});
  expect(marshal(state, { platform }).terminal).toBe(given.terminal);
  const built = marshal(run(state, "true", {}, {}), { platform });
  expect(built.ops[0]?.digest).toBe(given.result?.op.digest);
  expect(built.ops[1]?.inputs).toMatchObject([{ op: { digest: given.result?.op.digest } }]);
});

test("a step on it starts from its config, when there is one", () => {
  expect(input(graph, undefined, {}).base).toBeUndefined();
  const state = input(graph, new TextEncoder().encode("{}"), {});
  const configOf = () => ({ env: ["A=b"], workingDir: "/w", user: "" });
  const { bytes } = marshal(run(state, "true", {}, {}), { platform, configOf });
  expect(new TextDecoder("latin1").decode(bytes)).toContain("A=b");
});

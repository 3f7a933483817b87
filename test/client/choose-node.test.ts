import { expect, test } from "bun:test";
import type { Builder } from "../../src/client/buildx-store.ts";
import { type AskPlatforms, assignNodes, chooseNode } from "../../src/client/choose-node.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { formatPlatform, type Platform, parsePlatform } from "../../src/oci/platform.ts";
import { rejectionOf } from "../image/failure.ts";
import { hostOf } from "./host.ts";

/** A builder of nodes named by their sockets; `created` is what `--platform` said. */
function builderOf(created: Readonly<Record<string, readonly string[]>>): Builder {
  const nodes = Object.entries(created).map(([name, platforms]) => ({
    name,
    endpoint: `unix:///${name}`,
    platforms: platforms.map(parsePlatform),
    options: {},
  }));
  return { name: "b", driver: "remote", nodes };
}

async function chosen(builder: Builder, wanted: string | undefined, workers: Readonly<Record<string, string[]>> = {}) {
  const asked: string[] = [];
  const ask: AskPlatforms = async ({ address }) => {
    const name = address.scheme === "unix" ? address.path.slice(1) : "";
    asked.push(name);
    return (workers[name] ?? []).map(parsePlatform);
  };
  const platform: Platform | undefined = wanted === undefined ? undefined : parsePlatform(wanted);
  const { address } = await chooseNode(builder, platform, hostOf("/"), ask);
  return { node: address.scheme === "unix" ? address.path.slice(1) : undefined, asked };
}

test("one node is taken without a question", async () => {
  expect(await chosen(builderOf({ one: [] }), "linux/arm64")).toEqual({ node: "one", asked: [] });
});

test("a node that was created for the platform is taken without a question", async () => {
  const builder = builderOf({ intel: ["linux/amd64"], arm: ["linux/arm64"] });
  expect(await chosen(builder, "linux/arm64/v8")).toEqual({ node: "arm", asked: [] });
  expect(await chosen(builder, undefined)).toEqual({ node: "intel", asked: [] });
});

test("else the nodes are asked what their workers can do", async () => {
  const builder = builderOf({ intel: [], arm: [] });
  const workers = { intel: ["linux/amd64"], arm: ["linux/arm64"] };
  expect(await chosen(builder, "linux/arm64", workers)).toEqual({ node: "arm", asked: ["intel", "arm"] });
  expect((await chosen(builder, "linux/arm/v7", workers)).node).toBe("arm");
});

test("the first node is taken when none can do it: its error is the clearest", async () => {
  const builder = builderOf({ intel: ["linux/amd64"], other: [] });
  expect((await chosen(builder, "linux/s390x", { intel: ["linux/amd64"] })).node).toBe("intel");
});

/** Which node gets what; `workers` is what each node's daemon says of itself. */
async function assigned(
  created: Readonly<Record<string, readonly string[]>>,
  wanted: readonly string[],
  workers: Readonly<Record<string, readonly string[]>> = {},
) {
  const ask: AskPlatforms = async ({ address }) =>
    (address.scheme === "unix" ? (workers[address.path.slice(1)] ?? []) : []).map(parsePlatform);
  const shares = await assignNodes(builderOf(created), wanted.map(parsePlatform), hostOf("/"), ask);
  return shares.map(({ node, platforms }) => [node.name, ...platforms.map(formatPlatform)]);
}

const intelAndArm = { intel: ["linux/amd64"], arm: ["linux/arm64"] };

test.each<[string, Parameters<typeof assigned>, string[][]]>([
  [
    "each platform to the node that was created for it, in the order of the platforms",
    [intelAndArm, ["linux/arm64", "linux/amd64"]],
    [
      ["arm", "linux/arm64"],
      ["intel", "linux/amd64"],
    ],
  ],
  [
    "several platforms to one node",
    [{ intel: ["linux/amd64", "linux/386"], arm: ["linux/arm64"] }, ["linux/386", "linux/arm64", "linux/amd64"]],
    [
      ["intel", "linux/386", "linux/amd64"],
      ["arm", "linux/arm64"],
    ],
  ],
  [
    "by what workers say where nothing was said",
    [{ one: [], two: [] }, ["linux/amd64", "linux/arm64"], { one: ["linux/amd64"], two: ["linux/arm64"] }],
    [
      ["one", "linux/amd64"],
      ["two", "linux/arm64"],
    ],
  ],
  [
    "to a node created for it rather than to one that emulates it",
    [intelAndArm, ["linux/arm64", "linux/s390x"], { intel: ["linux/amd64", "linux/arm64", "linux/s390x"] }],
    [
      ["arm", "linux/arm64"],
      ["intel", "linux/s390x"],
    ],
  ],
  [
    "to the node whose own platform is nearest",
    [{ arm64: [], arm: [] }, ["linux/arm/v7"], { arm64: ["linux/arm64"], arm: ["linux/arm/v7"] }],
    [["arm", "linux/arm/v7"]],
  ],
  ["all to the first node when none can do them", [{ one: [], two: [] }, ["linux/s390x"]], [["one", "linux/s390x"]]],
  ["nothing asked is for the first node", [intelAndArm, []], [["intel"]]],
])("platforms go %s", async (_, given, shares) => {
  expect(await assigned(...given)).toEqual(shares);
});

test("a platform that only a node may have which does not answer is not given to another", async () => {
  const builder = builderOf({ intel: [], arm: [] });
  const ask: AskPlatforms = async ({ address }) => {
    if (address.scheme === "unix" && address.path === "/arm") throw new LuakitError("daemon.unreachable", "no answer");
    return [parsePlatform("linux/amd64")];
  };
  const both = ["linux/amd64", "linux/arm64"].map(parsePlatform);
  const error = await rejectionOf(assignNodes(builder, both, hostOf("/"), ask));
  expect([error.code, error.message]).toEqual(["daemon.unreachable", 'no answer (node "arm")']);
  const [share] = await assignNodes(builder, both.slice(0, 1), hostOf("/"), ask);
  expect(share.node.name).toBe("intel");
});

import { expect, test } from "bun:test";
import type { Builder } from "../../src/client/buildx-store.ts";
import { type AskPlatforms, chooseNode } from "../../src/client/choose-node.ts";
import { type Platform, parsePlatform } from "../../src/oci/platform.ts";
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

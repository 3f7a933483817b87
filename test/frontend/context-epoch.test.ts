import { expect, test } from "bun:test";
import { epochOfContext } from "../../src/frontend/context-epoch.ts";
import { git } from "../../src/llb/source-git.ts";
import { local } from "../../src/llb/source-local.ts";
import type { State } from "../../src/llb/state.ts";
import { fakeGateway } from "../script/fake-gateway.ts";

const repository = git("https://host/x.git#main", {}, {});
const given = new Map([
  ["A", "1"],
  ["SOURCE_DATE_EPOCH", "context"],
]);

function resolve(origin: State | undefined, time: number | undefined, gatewayCaps: readonly string[]) {
  const asked: string[] = [];
  const gateway = {
    ...fakeGateway({ gatewayCaps }),
    sourceTime: async ({ identifier }: { readonly identifier: string }) => {
      asked.push(identifier);
      return time;
    },
  };
  const resolved = epochOfContext(gateway, { epoch: undefined, buildArguments: given }, origin);
  return resolved.then((options) => ({ ...options, asked }));
}

test("the time of the context is the epoch, for the script too", async () => {
  const { epoch, buildArguments, asked } = await resolve(repository, 1_600_000_000, ["source.metaresolver"]);
  expect([epoch, asked]).toEqual([1_600_000_000, ["git://host/x.git#main"]]);
  expect(Object.fromEntries(buildArguments)).toEqual({ A: "1", SOURCE_DATE_EPOCH: "1600000000" });
});

test("the client's own directories and inputs have no time", async () => {
  const { epoch, buildArguments, asked } = await resolve(undefined, 1, ["source.metaresolver"]);
  expect([epoch, asked, [...buildArguments]]).toEqual([undefined, [], [["A", "1"]]]);
});

test("a daemon that does not tell is an error with a way out", async () => {
  const message = "the daemon does not tell the time of this context";
  await expect(resolve(repository, undefined, ["source.metaresolver"])).rejects.toThrow(message);
  await expect(resolve(repository, 1, [])).rejects.toThrow(message);
  await expect(resolve(local("x", {}, {}), undefined, [])).rejects.toThrow(message);
});

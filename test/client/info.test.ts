import { expect, test } from "bun:test";
import { daemonVersion, isAtLeast } from "../../src/client/info.ts";
import { Control, InfoResponse } from "../../src/gen/control.ts";
import { fakeChannel } from "./fake-channel.ts";

function version(text: string) {
  return { package: "", version: text, revision: "", dockerfile: "" };
}

test("versions are compared by number, and one's own builds count as new", () => {
  for (const new17 of ["v0.17.0", "v0.17.0-rc1", "0.32.2", "v1.0.0", "dev", "0.0.0+unknown"]) {
    expect(isAtLeast(version(new17), 17)).toBe(true);
  }
  for (const old of ["v0.16.9", "0.8.0", "v0.12.5"]) expect(isAtLeast(version(old), 17)).toBe(false);
  expect(isAtLeast(undefined, 11)).toBe(false);
});

test("a daemon that does not know the question has no version", async () => {
  expect(await daemonVersion(fakeChannel({}))).toBeUndefined();
  const answer = InfoResponse.encode({ buildkitVersion: { version: "v0.32.2", package: "p" } });
  const { path } = Control.Info;
  expect(await daemonVersion(fakeChannel({ [path]: [answer] }))).toEqual({ ...version("v0.32.2"), package: "p" });
  await expect(daemonVersion(fakeChannel({ [path]: 14 }))).rejects.toMatchObject({ code: "rpc.unavailable" });
});

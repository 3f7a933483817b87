import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { solvedIn, solveIn } from "../support/solve.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(120_000);

const { images, devices } = testbed();
const nothing = ["-o", "type=cacheonly"];

describe.concurrent("--allow", () => {
  const step = (options: string) => `bk.export(bk.image("${images.busybox}"):run("true # ${unique()}", {${options}}))`;

  test.each([
    ['network = "host"', "network.host"],
    ['security = "insecure"', "security.insecure"],
  ])("lets a step have %s", async (options, entitlement) => {
    await inDirectory(async (directory) => {
      const refused = await solveIn(directory, step(options), nothing);
      expect([refused.exitCode, refused.stdout]).toEqual([1, ""]);
      expect(refused.stderr).toContain("build.lua:1");
      expect(refused.stderr).toContain(`--allow ${entitlement}`);
      await solvedIn(directory, step(options), [...nothing, "--allow", entitlement]);
    });
  });

  test("lets a step have a device", async () => {
    await inDirectory(async (directory) => {
      const text = () => step(`devices = {"${devices.one}"}`);
      expect((await solveIn(directory, text(), nothing)).exitCode).toBe(1);
      await solvedIn(directory, text(), [...nothing, "--allow", "device"]);
      await solvedIn(directory, text(), [...nothing, "--allow", `device=${devices.one}`]);
      await solvedIn(directory, step(`devices = {"${devices.free}"}`), nothing);
    });
  });
});

describe.concurrent("a source policy", () => {
  const rule = (action: string, identifier: string, more: object = {}) => ({
    action,
    selector: { identifier, match_type: "WILDCARD" },
    ...more,
  });
  const policy = (...rules: readonly object[]) => ({ "policy.json": JSON.stringify({ version: 1, rules }) });
  const busybox = `bk.export(bk.image("${images.busybox}"):run("true # ${unique()}"))`;
  const flags = ["--source-policy-file", "policy.json"];

  test("denies a source", async () => {
    await inDirectory(async (directory) => {
      const files = policy(rule("DENY", "docker-image://*"));
      const { exitCode, stderr } = await solveIn(directory, busybox, [...nothing, ...flags], { files });
      expect(exitCode).toBe(1);
      expect(stderr).toContain("denied by policy");
    });
  });

  test("is found by buildx's variable, unless a flag names another", async () => {
    await inDirectory(async (directory) => {
      const files = { ...policy(rule("DENY", "docker-image://*")), "none.json": "{}" };
      const env = { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: "policy.json" };
      expect((await solveIn(directory, busybox, nothing, { files, env })).exitCode).toBe(1);
      await solvedIn(directory, busybox, [...nothing, "--source-policy-file", "none.json"], { files, env });
    });
  });

  test("allows what a later rule says", async () => {
    await inDirectory(async (directory) => {
      const files = policy(rule("DENY", "docker-image://*"), rule("ALLOW", `docker-image://${images.busybox}*`));
      await solvedIn(directory, busybox, [...nothing, ...flags], { files });
    });
  });

  test("converts an image, whose config is then that of the other", async () => {
    await inDirectory(async (directory) => {
      const name = "docker.io/library/never-pulled:1";
      const updates = { identifier: `docker-image://${images.configured}` };
      const files = policy(rule("CONVERT", `docker-image://${name}`, { updates }));
      const text = `bk.export(bk.scratch():copy(bk.image("never-pulled:1"):run("pwd > /tmp/where # ${unique()}"), "/tmp/where", "/"))`;
      await solvedIn(directory, text, ["-o", "out", ...flags], { files });
      expect(readFileSync(join(directory, "out/where"), "utf8")).toBe("/work\n");
    });
  });
});

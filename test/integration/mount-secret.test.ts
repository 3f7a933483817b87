import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildFails, buildTree, unique } from "../support/build.ts";
import { testProbes } from "../support/probe.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images } = testbed();
const busybox = `bk.image("${images.busybox}")`;
const secrets = ["id=npmrc,env=NPMRC_OF_TEST", "id=other,env=OTHER_OF_TEST"];
const env = { NPMRC_OF_TEST: "s3cret-npmrc", OTHER_OF_TEST: "s3cret-other" };
const look = "stat -c '%u:%g %a' /run/secrets/npmrc";
const mount = (dest: string, options = "") => `mounts = {bk.secret("${dest}", {${options}})}`;

testProbes(
  "bk.secret",
  [
    {
      title: "has the destination's last part as its id",
      options: mount("/run/secrets/npmrc"),
      run: "cat /run/secrets/npmrc",
      expect: "s3cret-npmrc",
    },
    {
      title: "has the id that is given",
      options: mount("/run/secrets/npmrc", 'id = "other"'),
      run: "cat /run/secrets/npmrc",
      expect: "s3cret-other",
    },
    { title: "is root's and nobody else's", options: mount("/run/secrets/npmrc"), run: look, expect: "0:0 400" },
    {
      title: "has an owner and a mode",
      options: mount("/run/secrets/npmrc", 'uid = 1000, gid = 1234, mode = "0440"'),
      run: look,
      expect: "1000:1234 440",
    },
    {
      title: "cannot be read by others",
      options: `${mount("/run/secrets/npmrc")}, user = "app"`,
      run: "cat /run/secrets/npmrc",
      expect: /Permission denied/,
    },
    {
      title: "can be read by its owner",
      options: `${mount("/run/secrets/npmrc", "uid = 1000")}, user = "app"`,
      run: "cat /run/secrets/npmrc",
      expect: "s3cret-npmrc",
    },
    {
      title: "may be missing when optional",
      options: mount("/run/secrets/missing", "optional = true"),
      run: "ls /run/secrets/missing",
      expect: /No such file/,
    },
    {
      title: "is there when optional and given",
      options: mount("/run/secrets/npmrc", "optional = true"),
      run: "cat /run/secrets/npmrc",
      expect: "s3cret-npmrc",
    },
  ],
  { secrets, env },
);

describe.concurrent("bk.secret", () => {
  test("fails the build when the client does not have it", async () => {
    const script = `bk.export(${busybox}:run("true # ${unique()}", {mounts = {bk.secret("/run/secrets/missing")}}))`;
    expect(await buildFails(script, { secrets, env })).toMatch(/secret missing:? not found/);
  });

  test("leaves nothing in the result", async () => {
    const script = `bk.export(${busybox}:run("cp /run/secrets/npmrc /dev/null # ${unique()}", {${mount("/run/secrets/npmrc")}}))`;
    const tree = await buildTree(script, { secrets, env });
    expect(tree.paths.filter((path) => path.startsWith("run"))).toEqual(["run"]);
  });
});

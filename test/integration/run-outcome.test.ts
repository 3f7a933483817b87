import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildFails, buildStatus, buildTree, emit, unique } from "../support/build.ts";
import { testProbes } from "../support/probe.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images } = testbed();
const busybox = `bk.image("${images.busybox}")`;

describe.concurrent("state:run valid_exit_codes", () => {
  const exit = (code: number, valid: string) =>
    `bk.export(${busybox}:run("exit ${code} # ${unique()}", {${valid === "" ? "" : `valid_exit_codes = ${valid}`}}))`;
  const valid: [number, string][] = [
    [3, "3"],
    [2, "{1, 2}"],
    [5, '"0..10"'],
    [0, '"0..10"'],
    [10, '"0..10"'],
    [7, '"7"'],
  ];
  const wrong: [number, string][] = [
    [1, ""],
    [4, "3"],
    [0, "3"],
    [0, "{1, 2}"],
    [11, '"0..10"'],
  ];

  test.each(valid)("%d is a success with %s", async (code, codes) => {
    expect(await buildTree(exit(code, codes))).toMatchObject({ paths: expect.arrayContaining(["bin/busybox"]) });
  });

  test.each(wrong)("%d is a failure with %s", async (code, codes) => {
    expect(await buildFails(exit(code, codes))).toContain(`exit code: ${code}`);
  });
});

describe.concurrent("state:run no_cache", () => {
  const draw = (options: string, run: string) => `
    local out = bk.bind(bk.scratch(), "/out", {readonly = false})
    bk.export(${busybox}:run("cat /proc/sys/kernel/random/uuid > /out/drawn # ${run}", {mounts = {out}, ${options}}):mount("/out"))`;
  const drawTwice = async (options: string) => {
    const script = draw(options, unique());
    return [(await buildTree(script)).text("drawn"), (await buildTree(script)).text("drawn")];
  };

  test("runs the step again in every build", async () => {
    const [first, second] = await drawTwice("no_cache = true");
    expect(second).not.toBe(first);
  });

  test("otherwise the cache answers", async () => {
    const [first, second] = await drawTwice("");
    expect(second).toBe(first);
  });
});

describe.concurrent("state:run in the progress", () => {
  test("name stands instead of the command", async () => {
    const mark = unique();
    const { status } = await buildStatus(`
      local step = ${busybox}:run("true # one ${mark}", {name = "[check] the name ${mark}"})
      bk.export(step:run("true # two ${mark}"))`);
    const names = status.flatMap(({ vertexes = [] }) => vertexes.map(({ name }) => name));
    expect(names).toContain(`[check] the name ${mark}`);
    expect(names).toContain(`/bin/sh -c true # two ${mark}`);
    expect(names).not.toContain(`/bin/sh -c true # one ${mark}`);
  });

  test("steps of one group are together", async () => {
    const mark = unique();
    const { status } = await buildStatus(`
      local base = ${busybox}
      local one = base:run("true # one ${mark}", {group = "the group"})
      local two = one:run("true # two ${mark}", {group = "the group"})
      bk.export(two:run("true # three ${mark}", {group = "another"}):run("true # four ${mark}"))`);
    const groups = new Map(
      status.flatMap(({ vertexes = [] }) => vertexes.map(({ name, progressGroup }) => [name, progressGroup])),
    );
    const of = (step: string) => groups.get(`/bin/sh -c true # ${step} ${mark}`);
    expect(of("one")).toMatchObject({ name: "the group" });
    expect(of("two")).toEqual(of("one"));
    expect(of("three")).toMatchObject({ name: "another" });
    expect(of("three")?.id).not.toBe(of("one")?.id);
    expect(of("four")).toBeUndefined();
  });
});

const secrets = ["id=token,env=TOKEN_OF_TEST", "id=OTHER,env=OTHER_OF_TEST"];
const env = { TOKEN_OF_TEST: "s3cret-one", OTHER_OF_TEST: "s3cret-two" };

testProbes(
  "state:run secrets_env",
  [
    {
      title: "is a variable with the secret",
      options: 'secrets_env = {TOKEN = "token"}',
      run: "echo $TOKEN",
      expect: "s3cret-one",
    },
    {
      title: "is a variable by a table",
      options: 'secrets_env = {TOKEN = {id = "token"}}',
      run: "echo $TOKEN",
      expect: "s3cret-one",
    },
    {
      title: "several at once",
      options: 'secrets_env = {TOKEN = "token", SECOND = "OTHER"}',
      run: 'echo "$TOKEN $SECOND"',
      expect: "s3cret-one s3cret-two",
    },
    {
      title: "an optional one may be missing, which leaves it empty",
      options: 'secrets_env = {TOKEN = {id = "missing", optional = true}}',
      run: 'echo "[$TOKEN]"',
      expect: "[]",
    },
    {
      title: "an optional one is there when the client has it",
      options: 'secrets_env = {TOKEN = {id = "token", optional = true}}',
      run: "echo $TOKEN",
      expect: "s3cret-one",
    },
    { title: "is not there without the option", run: "env | grep -c TOKEN", expect: "0" },
  ],
  { secrets, env },
);

describe.concurrent("state:run secrets_env", () => {
  const script = `bk.export(${busybox}:run("true # ${unique()}", {secrets_env = {TOKEN = "token"}}))`;

  test("fails the build when the client does not have it", async () => {
    expect(await buildFails(script)).toMatch(/secret token:? not found/);
  });

  test("leaves no secret in the Definition", async () => {
    const { definition } = await emit(script, { env });
    expect(new TextDecoder("latin1").decode(definition)).not.toContain("s3cret");
  });
});

describe.concurrent("state:run platform", () => {
  const step = (platform: string) => `bk.export(${busybox}:run("true # ${unique()}", {platform = "${platform}"}))`;

  test("is what the daemon must be able to run", async () => {
    expect(await buildFails(step("linux/amd64/v9"))).toContain("no support for running processes with linux/amd64/v9");
    expect((await buildTree(step("linux/amd64"))).has("bin/busybox")).toBe(true);
  });
});

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildFails, buildStatus, buildTree, unique } from "../support/build.ts";
import { testProbes } from "../support/probe.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const busybox = `bk.image("${testbed().images.busybox}")`;
const interfaces = "ls /sys/class/net | tr '\\n' ' '";

testProbes("state:with_env", [
  {
    title: "adds to the image's",
    on: 'configured:with_env{BAR = "bar"}',
    run: 'echo "$FOO $BAR"',
    expect: "from-base bar",
  },
  { title: "replaces the image's", on: 'configured:with_env{FOO = "mine"}', run: "echo $FOO", expect: "mine" },
  { title: "takes a list", on: 'base:with_env{"ONE=1", "TWO=2"}', run: 'echo "$ONE$TWO"', expect: "12" },
  {
    title: "adds to an earlier one",
    on: 'base:with_env{ONE = "1"}:with_env{TWO = "2"}',
    run: 'echo "$ONE$TWO"',
    expect: "12",
  },
  {
    title: "replaces an earlier one",
    on: 'base:with_env{ONE = "1"}:with_env{ONE = "2"}',
    run: "echo $ONE",
    expect: "2",
  },
]);

testProbes("state:with_dir", [
  { title: "is where steps run", on: 'base:with_dir("/usr/local")', run: "pwd", expect: "/usr/local" },
  { title: "replaces the image's", on: 'configured:with_dir("/usr")', run: "pwd", expect: "/usr" },
  { title: "is below the image's when relative", on: 'configured:with_dir("sub")', run: "pwd", expect: "/work/sub" },
  {
    title: "is below an earlier one when relative",
    on: 'base:with_dir("/usr"):with_dir("local")',
    run: "pwd",
    expect: "/usr/local",
  },
  { title: "gives way to cwd", on: 'base:with_dir("/usr")', options: 'cwd = "/tmp"', run: "pwd", expect: "/tmp" },
]);

testProbes("state:with_user", [
  { title: "is who runs steps", on: 'base:with_user("app")', run: "id -u", expect: "1000" },
  { title: "replaces the image's", on: 'configured:with_user("root")', run: "id -u", expect: "0" },
  {
    title: "gives way to user",
    on: 'base:with_user("app")',
    options: 'user = "7:8"',
    run: "id -u; id -g",
    expect: "7\n8",
  },
]);

testProbes("state:with_shell", [
  {
    title: "is what text runs in",
    on: 'base:with_shell{"/bin/busybox", "sh", "-e", "-c"}',
    run: "echo $0 $-",
    expect: /^sh .*e/,
  },
  {
    title: "gives way to shell",
    on: 'base:with_shell{"/bin/false"}',
    options: 'shell = {"/bin/sh", "-c"}',
    run: "echo $0",
    expect: "/bin/sh",
  },
]);

testProbes("state:with_hostname", [
  { title: "is what steps see", on: 'base:with_hostname("state-host")', run: "hostname", expect: "state-host" },
  {
    title: "gives way to hostname",
    on: 'base:with_hostname("state-host")',
    options: 'hostname = "step"',
    run: "hostname",
    expect: "step",
  },
]);

testProbes("state:with_network", [
  { title: "is the network of steps", on: 'base:with_network("none")', run: interfaces, expect: "lo" },
  {
    title: "gives way to network",
    on: 'base:with_network("none")',
    options: 'network = "sandbox"',
    run: interfaces,
    expect: /eth/,
  },
]);

const filter = "awk '/^Seccomp:/ {print $2}' /proc/self/status";
testProbes(
  "state:with_security",
  [
    { title: "is the mode of steps", on: 'base:with_security("insecure")', run: filter, expect: "0" },
    {
      title: "gives way to security",
      on: 'base:with_security("insecure")',
      options: 'security = "sandbox"',
      run: filter,
      expect: "2",
    },
  ],
  { allow: ["security.insecure"] },
);

testProbes("state:with_hosts", [
  {
    title: "are lines of /etc/hosts",
    on: 'base:with_hosts{db = "10.9.8.7"}',
    run: "grep -w db /etc/hosts",
    expect: /^10\.9\.8\.7\s+db$/,
  },
  {
    title: "stay beside the option's",
    on: 'base:with_hosts{db = "10.9.8.7"}',
    options: 'hosts = {web = "10.9.8.6"}',
    run: "awk '/db$|web$/ {print $1}' /etc/hosts | sort",
    expect: "10.9.8.6\n10.9.8.7",
  },
]);

testProbes(
  "a state",
  [
    {
      title: "does not change when another is made of it",
      on: "before",
      run: 'pwd; echo "$ONE"; hostname',
      expect: "/\n\nbuildkitsandbox",
    },
    { title: "has all that was set", on: "after", run: 'pwd; echo "$ONE"; hostname', expect: "/usr\n1\nhost" },
    { title: "keeps its settings through steps", on: 'after:run("true")', run: 'pwd; echo "$ONE"', expect: "/usr\n1" },
    {
      title: "keeps them through file operations",
      on: 'after:mkdir("/a"):mkfile("/b", "b")',
      run: 'pwd; echo "$ONE"',
      expect: "/usr\n1",
    },
    {
      title: "does not keep the options of a step",
      on: 'base:run("true", {cwd = "/usr", env = {ONE = 1}})',
      run: 'pwd; echo "$ONE"',
      expect: "/",
    },
    {
      title: "gives its directory to relative paths",
      on: 'after:mkfile("here", "found")',
      run: "cat /usr/here",
      expect: "found",
    },
  ],
  { setup: 'local before = base\nlocal after = base:with_dir("/usr"):with_env{ONE = "1"}:with_hostname("host")' },
);

describe.concurrent("state:with_metadata", () => {
  test("puts the op that made the state into a progress group", async () => {
    const mark = unique();
    const { status } = await buildStatus(`
      local one = ${busybox}:run("true # one ${mark}"):with_metadata{group = "grouped"}
      bk.export(one:run("true # two ${mark}"))`);
    const groups = new Map(
      status.flatMap(({ vertexes = [] }) => vertexes.map(({ name, progressGroup }) => [name, progressGroup?.name])),
    );
    expect(groups.get(`/bin/sh -c true # one ${mark}`)).toBe("grouped");
    expect(groups.get(`/bin/sh -c true # two ${mark}`)).toBeUndefined();
  });

  test("no_cache runs it again in every build", async () => {
    const script = (metadata: string) => `
      local base = ${busybox}
      local drawn = base:run("cat /proc/sys/kernel/random/uuid > /drawn # ${unique()}")${metadata}
      bk.export(bk.scratch():copy(drawn, "/drawn", "/drawn"))`;
    const drawTwice = async (text: string) => [
      (await buildTree(text)).text("drawn"),
      (await buildTree(text)).text("drawn"),
    ];
    const [first, again] = await drawTwice(script(":with_metadata{no_cache = true}"));
    const [cached, same] = await drawTwice(script(""));
    expect(again).not.toBe(first);
    expect(same).toBe(cached);
  });
});

describe.concurrent("state:for_platform", () => {
  test("is what the daemon must be able to run", async () => {
    const step = (platform: string) => `bk.export(${busybox}:for_platform("${platform}"):run("true # ${unique()}"))`;
    expect(await buildFails(step("linux/amd64/v9"))).toContain("no support for running processes with linux/amd64/v9");
    expect((await buildTree(step("linux/amd64"))).has("bin/busybox")).toBe(true);
  });
});

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildTree, unique } from "../support/build.ts";
import { testProbes } from "../support/probe.ts";
import { builtBy } from "../support/role.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images } = testbed();
/** The environment that the first process of the step was started with, in its order. */
const environment = "tr '\\0' '\\n' < /proc/1/environ";

testProbes("state:run starts from the config of the base image", [
  { title: "working directory", on: "configured", run: "pwd", expect: "/work" },
  { title: "user", on: "configured", run: "id -un", expect: "app" },
  { title: "environment", on: "configured", run: "echo $FOO", expect: "from-base" },
  { title: "PATH", on: "configured", run: "echo $PATH", expect: /^\/usr\/local\/sbin:.*:\/bin$/ },
  { title: "an image that says nothing gives root in /", run: 'echo "$(id -un) $(pwd) $FOO"', expect: "root /" },
]);

// A frontend always asks the daemon.
if (builtBy() !== "gateway")
  testProbes(
    "state:run without resolving base images",
    [
      { title: "runs in /", on: "configured", run: "pwd", expect: "/" },
      { title: "runs as root", on: "configured", run: "id -u", expect: "0" },
      {
        title: "has the daemon's PATH and no more",
        on: "configured",
        run: 'echo "$FOO$PATH"',
        expect: /^\/usr\/local\/sbin:/,
      },
    ],
    { flags: ["--no-resolve"] },
  );

testProbes("state:run cwd", [
  { title: "is absolute", on: "configured", options: 'cwd = "/usr/local"', run: "pwd", expect: "/usr/local" },
  { title: "may be new", options: 'cwd = "/brand/new"', run: "pwd", expect: "/brand/new" },
  {
    title: "is below the image's when relative",
    on: "configured",
    options: 'cwd = "a/b"',
    run: "pwd",
    expect: "/work/a/b",
  },
  {
    title: "is below the state's when relative",
    on: 'configured:with_dir("/usr")',
    options: 'cwd = "local"',
    run: "pwd",
    expect: "/usr/local",
  },
  {
    title: "goes up with ..",
    on: 'base:with_dir("/usr/local")',
    options: 'cwd = "../bin"',
    run: "pwd",
    expect: "/usr/bin",
  },
]);

const ids = 'echo "$(id -u):$(id -g)"';
testProbes("state:run user", [
  { title: "is a name", options: 'user = "app"', run: ids, expect: "1000:1000" },
  { title: "is an id", options: 'user = "1000"', run: ids, expect: "1000:1000" },
  { title: "is a number", options: "user = 1000", run: ids, expect: "1000:1000" },
  { title: "is an id and a group", options: 'user = "4321:1234"', run: ids, expect: "4321:1234" },
  { title: "is a name and a group", options: 'user = "app:root"', run: ids, expect: "1000:0" },
  { title: "replaces the image's", on: "configured", options: 'user = "root"', run: ids, expect: "0:0" },
]);

testProbes("state:run env", [
  {
    title: "is a map",
    options: 'env = {ONE = "1", TWO = "two words"}',
    run: 'echo "$ONE,$TWO"',
    expect: "1,two words",
  },
  { title: "is a list", options: 'env = {"ONE=1", "TWO=a=b"}', run: 'echo "$ONE,$TWO"', expect: "1,a=b" },
  { title: "may be empty text", options: 'env = {EMPTY = ""}', run: "env | grep EMPTY", expect: "EMPTY=" },
  {
    title: "keeps the list's order, the image's first",
    on: "configured",
    options: 'env = {"Z=1", "A=2", "M=3"}',
    run: `${environment} | grep -E '^(FOO|Z|A|M)='`,
    expect: "FOO=from-base\nZ=1\nA=2\nM=3",
  },
  {
    title: "puts a map in the order of its names",
    options: "env = {Z = 1, A = 2, M = 3}",
    run: `${environment} | grep -E '^(Z|A|M)='`,
    expect: "A=2\nM=3\nZ=1",
  },
  {
    title: "replaces the image's",
    on: "configured",
    options: 'env = {FOO = "mine"}',
    run: "echo $FOO",
    expect: "mine",
  },
  { title: "replaces the image's PATH", options: 'env = {PATH = "/bin"}', run: "echo $PATH", expect: "/bin" },
  {
    title: "comes after the state's",
    on: 'configured:with_env{FOO = "state", BAR = "state"}',
    options: 'env = {BAR = "step"}',
    run: 'echo "$FOO $BAR"',
    expect: "state step",
  },
]);

testProbes("state:run names", [
  { title: "hostname is what the step sees", options: 'hostname = "builder-7"', run: "hostname", expect: "builder-7" },
  { title: "without it the daemon's own", run: "hostname", expect: "buildkitsandbox" },
  {
    title: "hosts are lines of /etc/hosts",
    options: 'hosts = {["db.local"] = "10.1.2.3", v6 = "fd00::5"}',
    run: "awk '/db.local|v6$/ {print $1, $2}' /etc/hosts | sort",
    expect: "10.1.2.3 db.local\nfd00::5 v6",
  },
  { title: "without them there is no such line", run: "grep -c db.local /etc/hosts", expect: "0" },
]);

testProbes("state:run shell", [
  { title: "is /bin/sh -c", run: 'echo "$0 $-"', expect: /^\/bin\/sh [^e]*$/ },
  { title: "is the option's", options: 'shell = {"/bin/sh", "-e", "-c"}', run: "echo $-", expect: /e/ },
  { title: "is the state's", on: 'base:with_shell{"/bin/busybox", "ash", "-c"}', run: "echo $0", expect: "ash" },
]);

describe.concurrent("state:run with a list", () => {
  test("runs it as it is, without a shell", async () => {
    const { paths } = await buildTree(`
      local out = bk.bind(bk.scratch(), "/out", {readonly = false})
      local step = bk.image("${images.busybox}"):run({"touch", "/out/a b", "/out/$HOME;", "/out/${unique()}"}, {mounts = {out}})
      bk.export(step:mount("/out"))`);
    expect(paths).toEqual(expect.arrayContaining(["a b", "$HOME;"]));
  });

  test("has nothing of the state's shell", async () => {
    const { paths } = await buildTree(`
      local base = bk.image("${images.busybox}"):with_shell{"/bin/false"}
      local out = bk.bind(bk.scratch(), "/out", {readonly = false})
      bk.export(base:run({"touch", "/out/there", "/out/${unique()}"}, {mounts = {out}}):mount("/out"))`);
    expect(paths).toContain("there");
  });
});

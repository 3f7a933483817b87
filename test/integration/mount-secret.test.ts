import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildFails, buildTree, unique } from "../support/build.ts";
import { runProbes, testProbes } from "../support/probe.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images, git } = testbed();
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
    expect(await buildFails(script, { secrets, env })).toContain("secret missing: not found");
  });

  test("leaves nothing in the result", async () => {
    const script = `bk.export(${busybox}:run("cp /run/secrets/npmrc /dev/null # ${unique()}", {${mount("/run/secrets/npmrc")}}))`;
    const tree = await buildTree(script, { secrets, env });
    expect(tree.paths.filter((path) => path.startsWith("run"))).toEqual(["run"]);
  });
});

/** Asks the agent for its keys, as `ssh-add -l` does, and writes the kind of answer and their number. */
const ask = `perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new($ARGV[0]) or die "no agent: $!"; syswrite $s, pack("NC", 1, 11); read $s, $answer, 9; print join ",", (unpack "NCN", $answer)[1, 2]'`;
const debian = `bk.image("${images.debian}")`;
const ssh = [`default=${git.ssh.agent}`, `second=${git.ssh.agent}`];
const stat = "stat -c '%u:%g %a %F'";

testProbes(
  "bk.ssh",
  [
    {
      title: "is an agent that answers, at SSH_AUTH_SOCK",
      on: debian,
      options: "mounts = {bk.ssh()}",
      run: `${ask} $SSH_AUTH_SOCK`,
      expect: "12,1",
    },
    {
      title: "is at a path of its own",
      options: "mounts = {bk.ssh()}",
      run: "echo $SSH_AUTH_SOCK",
      expect: "/run/buildkit/ssh_agent.0",
    },
    {
      title: "is where it is told",
      on: debian,
      options: 'mounts = {bk.ssh{dest = "/tmp/agent"}}',
      run: `echo $SSH_AUTH_SOCK; ${ask} /tmp/agent`,
      expect: "/tmp/agent\n12,1",
    },
    {
      title: "is root's and nobody else's",
      options: 'mounts = {bk.ssh{dest = "/agent"}}',
      run: `${stat} /agent`,
      expect: "0:0 600 socket",
    },
    {
      title: "has an owner and a mode",
      options: 'mounts = {bk.ssh{dest = "/agent", uid = 1000, gid = 1234, mode = "0660"}}',
      run: `${stat} /agent`,
      expect: "1000:1234 660 socket",
    },
    {
      title: "is the agent of an id",
      on: debian,
      options: 'mounts = {bk.ssh{id = "second"}}',
      run: `${ask} $SSH_AUTH_SOCK`,
      expect: "12,1",
    },
    {
      title: "several at once",
      on: debian,
      options: 'mounts = {bk.ssh(), bk.ssh{id = "second", dest = "/second"}}',
      run: `${ask} $SSH_AUTH_SOCK; echo; ${ask} /second`,
      expect: "12,1\n12,1",
    },
    {
      title: "leaves a SSH_AUTH_SOCK of the step alone",
      options: 'env = {SSH_AUTH_SOCK = "/mine"}, mounts = {bk.ssh()}',
      run: "echo $SSH_AUTH_SOCK",
      expect: "/mine",
    },
    {
      title: "may be missing when optional",
      options: 'mounts = {bk.ssh{id = "missing", dest = "/agent", optional = true}}',
      run: "ls /agent",
      expect: /No such file/,
    },
    { title: "is not there without the mount", run: 'echo "[$SSH_AUTH_SOCK]"', expect: "[]" },
  ],
  { ssh },
);

describe.concurrent("bk.ssh", () => {
  test("fails the build when the client does not have it", async () => {
    const step = (id: string) => `bk.export(${busybox}:run("true # ${unique()}", {mounts = {bk.ssh{id = "${id}"}}}))`;
    expect(await buildFails(step("missing"), { ssh })).toContain("missing");
  });
});

const size = "df -k /t | awk 'END {print $2}'";
testProbes("bk.tmpfs", [
  { title: "is memory", options: 'mounts = {bk.tmpfs("/t")}', run: "grep -c ' /t tmpfs' /proc/mounts", expect: "1" },
  {
    title: "has the size that is given",
    options: 'mounts = {bk.tmpfs("/t", {size = "5MB"})}',
    run: size,
    expect: "5120",
  },
  { title: "has a size in bytes", options: 'mounts = {bk.tmpfs("/t", {size = 1048576})}', run: size, expect: "1024" },
  { title: "is larger without", options: 'mounts = {bk.tmpfs("/t")}', run: size, expect: /^\d{6,}$/ },
  {
    title: "holds no more than its size",
    options: 'mounts = {bk.tmpfs("/t", {size = "1MB"})}',
    run: "dd if=/dev/zero of=/t/file bs=1024 count=1100",
    expect: /No space left/,
  },
  {
    title: "is empty",
    on: 'base:mkfile("/tmp/file", "")',
    options: 'mounts = {bk.tmpfs("/tmp")}',
    run: "ls /tmp",
    expect: "",
  },
]);

test.concurrent("what is written to a tmpfs is gone after the step", async () => {
  const [output] = await runProbes([
    { on: 'base:run("touch /tmp/file /kept", {mounts = {bk.tmpfs("/tmp")}})', run: "ls /tmp; ls /kept" },
  ]);
  expect(output).toBe("/kept");
});

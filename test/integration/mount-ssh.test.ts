import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildFails, unique } from "../support/build.ts";
import { testProbes } from "../support/probe.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images, git } = testbed();
const busybox = `bk.image("${images.busybox}")`;

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

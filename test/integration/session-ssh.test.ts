import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory, unique } from "../support/build.ts";
import { solve, solved } from "../support/session-build.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images, git } = testbed();
const debian = `bk.image("${images.debian}")`;

/** Sends bytes to a socket in a step and says in hexadecimal what comes back, and whether the other side closed. */
const talk = `perl -MIO::Socket::UNIX -e '
  my ($path, $hex, $shut) = @ARGV;
  my $s = IO::Socket::UNIX->new($path) or die "no agent: $!";
  syswrite $s, pack("H*", $hex);
  shutdown $s, 1 if $shut;
  my $all = "";
  alarm 20;
  while (sysread $s, my $part, 65536) { $all .= $part; last if !$shut && length($all) >= 4 && length($all) >= 4 + unpack "N", $all }
  print "answer ", unpack("H*", substr $all, 0, 64), " of ", length $all, "\\n"'`;
const listKeys = "000000010b";
const removeAll = "0000000113";

const step = (command: string, options = "bk.ssh()") =>
  `bk.export(${debian}:run([===[${command}; true ${unique()}]===], {mounts = {${options}}}))`;
const ask = (hex: string, path = "$SSH_AUTH_SOCK", shut = "") => `${talk} ${path} ${hex} ${shut}`;

describe.concurrent("ssh", () => {
  test("agent of SSH_AUTH_SOCK lists its keys", async () => {
    const { stderr } = await solved(step(ask(listKeys)), ["--ssh=default"], { env: { SSH_AUTH_SOCK: git.ssh.agent } });
    expect(stderr).toMatch(/answer [0-9a-f]{8}0c00000001/);
  });

  test("agent loses no keys to a step", async () => {
    const flags = [`--ssh=default=${git.ssh.agent}`];
    expect((await solved(step(ask(removeAll)), flags)).stderr).toContain("answer 0000000105 of 5");
    expect((await solved(step(ask(listKeys)), flags)).stderr).toMatch(/answer [0-9a-f]{8}0c00000001/);
  });

  test("key files are an agent", async () => {
    await inDirectory(async (place) => {
      makeKey(`${place}/a`, "ed25519");
      makeKey(`${place}/b`, "ecdsa");
      const { stderr } = await solved(step(ask(listKeys)), [`--ssh=default=${place}/a,${place}/b`]);
      expect(stderr).toMatch(/answer [0-9a-f]{8}0c00000002/);
    });
  });

  test("several ids are several agents", async () => {
    const mounts = 'bk.ssh(), bk.ssh{id = "two", dest = "/second"}';
    await inDirectory(async (place) => {
      makeKey(`${place}/a`, "ed25519");
      const flags = [`--ssh=default=${git.ssh.agent}`, `--ssh=two=${place}/a`];
      const { stderr } = await solved(step(`${ask(listKeys)}; ${ask(listKeys, "/second")}`, mounts), flags);
      expect(stderr.match(/answer [0-9a-f]{8}0c00000001/g)).toHaveLength(2);
    });
  });

  test("raw socket carries any protocol, with a half close", async () => {
    const script = step(ask("010203", "/sock", "1"), 'bk.ssh{dest = "/sock"}');
    const { stderr } = await withSocket((socket) => solved(script, [`--ssh=default=${socket},raw=true`]));
    expect(stderr).toContain("answer 020304 of 3");
  });

  test("raw socket carries much", async () => {
    const send = `head -c 50000000 /dev/zero | perl -MIO::Socket::UNIX -e '
      my $s = IO::Socket::UNIX->new("/sock");
      if (!fork) {
        while (sysread STDIN, my $b, 65536) { my $o = 0; $o += syswrite $s, $b, length($b) - $o, $o while $o < length $b }
        shutdown $s, 1; exit;
      }
      my $n = 0; alarm 50;
      while (sysread $s, my $b, 65536) { $n += $b =~ tr/\\x01// }
      print "ones $n\\n"'`;
    const script = step(send, 'bk.ssh{dest = "/sock"}');
    const { stderr } = await withSocket((socket) => solved(script, [`--ssh=default=${socket},raw=true`]));
    expect(stderr).toContain("ones 50000000");
  });

  test("that a step needs and nobody gave fails the build; optional it is left out", async () => {
    const { exitCode, stderr } = await solve(step("true"), []);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no SSH key "\w*" forwarded|does not serve \S+SSH/);
    expect(stderr).toContain("hint: forward one: --ssh default");
    const optional = step("ls /agent 2>&1 || echo it is left out", 'bk.ssh{dest = "/agent", optional = true}');
    expect((await solved(optional, [])).stderr).toContain("it is left out");
  });

  test("agent that is not there is refused before the build", async () => {
    const { exitCode, stderr } = await solve(step("true"), ["--ssh=default"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("SSH_AUTH_SOCK is not set");
  });

  test("key with a passphrase is refused before the build, with what to do", async () => {
    await inDirectory(async (place) => {
      makeKey(`${place}/key`, "ed25519", "secret");
      const { exitCode, stderr } = await solve(step("true"), [`--ssh=default=${place}/key`]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`the ssh key ${place}/key is protected by a passphrase`);
      expect(stderr).toContain("ssh-add");
    });
  });
});

describe("git over ssh", () => {
  /** A directory of the repository is a checkout of its own, which the daemon may or may not have from before. */
  const script = () => `
    local source = bk.git("${git.ssh.url}", {ref = "main", ssh = "default", known_hosts = [===[${git.ssh.knownHosts}]===]})
    local look = "cat /src/sub/dir/file.txt && echo checked out; true ${unique()}"
    bk.export(bk.image("${images.busybox}"):run(look, {mounts = {bk.bind(source, "/src")}}))`;

  test("with the agent", async () => {
    expect((await solved(script(), [`--ssh=default=${git.ssh.agent}`])).stderr).toContain("checked out");
  });

  test("with a key file", async () => {
    expect((await solved(script(), [`--ssh=default=${git.ssh.key}`])).stderr).toContain("checked out");
  });

  test("under another id says which one is missing", async () => {
    const { exitCode, stderr } = await solve(script(), [`--ssh=other=${git.ssh.agent}`]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("unset ssh forward key default");
    expect(stderr).toContain("hint: forward one: --ssh default");
  });

  test("without any says what is missing", async () => {
    const { exitCode, stderr } = await solve(script(), []);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no SSH key "default" forwarded|does not serve \S+SSH/);
  });
});

function makeKey(path: string, type: string, passphrase = ""): void {
  Bun.spawnSync(["ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", path]);
}

/** A socket that answers each byte with the next one. */
async function withSocket<T>(use: (path: string) => Promise<T>): Promise<T> {
  const path = `/tmp/luakit-test-${unique()}.sock`;
  const listener = Bun.listen<{ rest: Uint8Array; ended: boolean }>({
    unix: path,
    allowHalfOpen: true,
    socket: {
      open(socket) {
        socket.data = { rest: new Uint8Array(), ended: false };
      },
      data(socket, bytes) {
        socket.data.rest = Buffer.concat([socket.data.rest, bytes.map((byte) => byte + 1)]);
        flush(socket);
      },
      drain: flush,
      end(socket) {
        socket.data.ended = true;
        flush(socket);
      },
    },
  });
  function flush(socket: Bun.Socket<{ rest: Uint8Array; ended: boolean }>) {
    if (socket.data.rest.length > 0) {
      socket.data.rest = socket.data.rest.subarray(Math.max(0, socket.write(socket.data.rest)));
    }
    if (socket.data.ended && socket.data.rest.length === 0) socket.end();
  }
  try {
    return await use(path);
  } finally {
    listener.stop(true);
  }
}

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unique } from "../support/build.ts";
import { removeMounted, startOwnBuildkitd } from "../support/own-buildkitd.ts";
import { killProcessesWith } from "../support/processes.ts";
import { openSlowProxy } from "../support/slow-proxy.ts";
import { endAt, hasBytes, type Stage, type StageEnd } from "../support/stage.ts";
import { openStallingRegistry } from "../support/stalling-registry.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { addr, buildkitd, images } = testbed();
const busybox = `bk.image("${images.busybox}")`;
const plain = "compression=uncompressed,force-compression=true";
const large = `bk.export(${busybox}:run([[
  dd if=/dev/zero of=/out/large bs=1M count=64
  mkdir /out/many
  for i in $(seq 300); do echo $i > /out/many/$i; done
]], {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out"))`;

/** One error, and nothing is left. */
function expectLoss(end: StageEnd, text: string | RegExp): void {
  expect(end).toMatchObject({ exitCode: 125, left: [], children: [] });
  expect(end.stderr.match(/^error: .*/gm)).toEqual([expect.stringMatching(text)]);
  expect(end.stderr).not.toContain("has a bug");
  expect(end.delay).toBeLessThan(2000);
}

type Cut = (stage: Omit<Stage, "daemon">) => Promise<StageEnd>;

/** A stage on a daemon of its own that is killed then. */
const killed =
  (options: { readonly up?: number; readonly down?: number } = {}): Cut =>
  async (stage) => {
    await using daemon = await startOwnBuildkitd();
    using proxy = openSlowProxy(daemon.addr, options);
    const slow = options.up !== undefined || options.down !== undefined;
    return await endAt({ ...stage, daemon: ["--addr", slow ? proxy.addr : daemon.addr] }, () =>
      daemon.signal("SIGKILL"),
    );
  };

/** A stage on the testbed's daemon to which the connection breaks then. */
const cut =
  (options: { readonly up?: number; readonly down?: number } = {}): Cut =>
  async (stage) => {
    using proxy = openSlowProxy(addr, options);
    return await endAt({ ...stage, daemon: ["--addr", proxy.addr] }, () => proxy.cut());
  };

const gone = /^error: the connection to the daemon broke: /;

const contexts = (directory: string) => {
  mkdirSync(join(directory, "context"));
  writeFileSync(join(directory, "context/large"), "");
  truncateSync(join(directory, "context/large"), 1e9);
};

describe.each([
  ["a daemon that is killed", killed],
  ["a connection that breaks", cut],
] as const)("%s", (_, lose) => {
  test("while a step runs", async () => {
    const script = `bk.export(${busybox}:run("echo begun; sleep 1000; echo ${unique()}"))`;
    const flags = ["-o", "type=tar,dest=x.tar"];
    const end = await lose()({ script, flags, reached: (running) => running.wrote(" begun\n") });
    expectLoss(end, gone);
  });

  test("while local files are sent", async () => {
    const end = await lose({ up: 20e6 })({
      script: 'bk.export(bk.local_("context"))',
      flags: ["-c", "context", "-o", "out"],
      prepare: contexts,
      reached: async (running) => {
        await running.wrote("transferring context");
        await Bun.sleep(300);
      },
    });
    expectLoss(end, gone);
  });

  test("while an image is pulled", async () => {
    const registry = openStallingRegistry();
    const script = `bk.export(bk.image("${registry.host}/app"):run("true"))`;
    const end = await lose()({ script, flags: ["-o", "out"], reached: (running) => running.until(registry.isStalled) });
    registry.stop();
    expectLoss(end, gone);
  });

  test.each([
    ["x.tar", "-o", "type=tar,dest=x.tar"],
    ["out", "-o", "type=local,dest=out"],
    ["x.oci", "-o", `type=oci,dest=x.oci,${plain}`],
    ["layout", "-o", `type=oci,dest=layout,tar=false,${plain}`],
    ["cache", "--cache-to", `type=local,dest=cache,${plain}`],
  ])("while it exports: %s", async (name, flag, output) => {
    const end = await lose({ down: 20e6 })({
      script: large,
      flags: [flag, output],
      reached: (running, directory) => running.until(() => hasBytes(directory, name, 1)),
    });
    expectLoss(end, gone);
  });

  test("while it pushes", async () => {
    const registry = openStallingRegistry();
    const end = await lose()({
      script: `bk.export(${busybox}:run("echo ${unique()} > /x"))`,
      flags: ["-t", `${registry.host}/other`, "--push", "-o", "type=tar,dest=x.tar"],
      reached: (running) => running.until(registry.isStalled),
    });
    registry.stop();
    expectLoss(end, gone);
  });
});

test("a private daemon that is killed", async () => {
  const home = mkdtempSync(join(tmpdir(), "luakit-private-"));
  const env = { PATH: `${dirname(buildkitd)}:${process.env.PATH}`, XDG_DATA_HOME: home };
  const mark = String(1e9 + Math.floor(Math.random() * 1e9));
  const stage: Stage = {
    script: `bk.export(${busybox}:run("echo begun; sleep ${mark}"))`,
    env,
    flags: ["-o", "type=tar,dest=x.tar"],
    daemon: ["--daemonless"],
    reached: (running) => running.wrote(" begun\n"),
  };
  const end = await endAt(stage, () => killProcessesWith(home, "buildkitd"));
  killProcessesWith(`sleep ${mark}`);
  await removeMounted(home);
  expectLoss(end, gone);
});

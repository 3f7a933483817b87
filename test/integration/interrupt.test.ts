import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { startOwnBuildkitd } from "../support/own-buildkitd.ts";
import { processesWith } from "../support/processes.ts";
import { openSlowProxy } from "../support/slow-proxy.ts";
import { endAt, hasBytes, type Stage, type StageEnd, statusAt } from "../support/stage.ts";
import { openStallingRegistry } from "../support/stalling-registry.ts";
import { testbed } from "../support/testbed.ts";
import { openUnansweredPort } from "../support/unanswered-port.ts";

setDefaultTimeout(60_000);

const { addr, authRegistry, buildkitd, images } = testbed();
const busybox = `bk.image("${images.busybox}")`;
const trivial = `bk.export(${busybox})`;

/** 64 MiB and 300 small files; the daemon makes them once. */
const large = `bk.export(${busybox}:run([[
  dd if=/dev/zero of=/out/large bs=1M count=64
  mkdir /out/many
  for i in $(seq 300); do echo $i > /out/many/$i; done
]], {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out"))`;

/** The build is interrupted at a stage, and nothing is left of it anywhere. */
async function interruptAt(stage: Stage, signal: NodeJS.Signals = "SIGINT"): Promise<StageEnd> {
  const end = await endAt(stage, (running) => running.signal(signal));
  expect(end).toMatchObject({ exitCode: 130, left: [], children: [] });
  expect(end.milliseconds).toBeLessThan(2000);
  expect(end.stderr).toEndWith("error: the build was interrupted\n");
  // A daemon that is cancelled in the middle of its work may call what becomes of that an error.
  if (end.ref !== "") expect(await statusAt(addr, end.ref)).toMatch(/^(canceled|error)$/);
  return end;
}

/** A program of this name in a directory of its own, first on PATH. */
async function withProgram<T>(name: string, script: string, use: (env: Record<string, string>) => Promise<T>) {
  return inDirectory(async (directory) => {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return use({ PATH: `${directory}:${process.env.PATH}` });
  });
}

const hasChild: Stage["reached"] = (running) => running.until(() => running.children().length > 0);

/** The daemon was asked, and the script has run meanwhile: while it runs, a signal ends the process without a word. */
function heard(isHeard: () => boolean): Stage["reached"] {
  return async (running) => {
    await running.until(isHeard);
    await Bun.sleep(500);
  };
}

describe.concurrent("while it connects", () => {
  test("to a socket that takes the connection and never answers", () =>
    inDirectory(async (directory) => {
      let isHeard = false;
      const data = () => {
        isHeard = true;
      };
      using _ = Bun.listen({ unix: join(directory, "socket"), socket: { data } });
      const daemon = ["--addr", `unix://${directory}/socket`];
      await interruptAt({ script: trivial, daemon, reached: heard(() => isHeard) });
    }));

  test("to a port that drops everything", async () => {
    const { port, close } = openUnansweredPort();
    const daemon = ["--addr", `tcp://127.0.0.1:${port}`];
    await interruptAt({ script: trivial, daemon, reached: () => Bun.sleep(500) });
    close();
  });

  test.each(["ssh", "docker"])("through %s, which does not get there", (name) =>
    withProgram(name, "exec sleep 1000", async (env) => {
      const daemon = ["--addr", name === "ssh" ? "ssh://host" : "docker-container://name"];
      await interruptAt({ script: trivial, daemon, env, reached: hasChild });
    }),
  );

  test("to an engine that does not answer, of all places", () =>
    inDirectory(async (directory) => {
      let isHeard = false;
      const data = () => {
        isHeard = true;
      };
      using _ = Bun.listen({ unix: join(directory, "socket"), socket: { data } });
      const env = { DOCKER_HOST: `unix://${directory}/socket` };
      await interruptAt({ script: trivial, daemon: [], env, reached: heard(() => isHeard) });
    }));

  test("to an engine that an image is to be loaded into", async () => {
    const { port, close } = openUnansweredPort();
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
    await interruptAt({ script: trivial, flags: ["--load"], env, reached: () => Bun.sleep(700) });
    close();
  });

  test("and a private daemon starts", () =>
    withProgram("buildkitd", "exec sleep 1000", async (env) => {
      const reached: Stage["reached"] = (running) =>
        running.until(() => running.children().some((command) => command.startsWith("sleep 1000")));
      await interruptAt({ script: trivial, daemon: ["--daemonless"], env, reached });
    }));
});

describe("while it builds", () => {
  test("a step", async () => {
    const mark = String(1e9 + Math.floor(Math.random() * 1e9));
    const isRunning = () => processesWith(`sleep ${mark}`).some((command) => command.startsWith("sleep"));
    const script = `bk.export(${busybox}:run("sleep ${mark}"))`;
    await interruptAt({ script, flags: ["-o", "out"], reached: (running) => running.until(isRunning) });
    expect(isRunning()).toBe(false);
  });

  test.each(["SIGTERM", "SIGHUP"] as const)("a step, by %s", async (signal) => {
    const script = `bk.export(${busybox}:run("echo begun; sleep 1000; echo ${unique()}"))`;
    await interruptAt({ script, flags: ["-o", "out"], reached: (running) => running.wrote(" begun\n") }, signal);
  });

  test("on a private daemon", async () => {
    const home = mkdtempSync(join(tmpdir(), "luakit-home-"));
    const env = { PATH: `${dirname(buildkitd)}:${process.env.PATH}`, XDG_DATA_HOME: home };
    const script = `bk.export(${busybox}:run("echo begun; sleep 1000"))`;
    const reached: Stage["reached"] = (running) => running.wrote(" begun\n");
    const daemon = ["--daemonless"];
    const { exitCode, milliseconds, left, children } = await endAt({ script, daemon, env, reached }, (running) =>
      running.signal("SIGINT"),
    );
    expect({ exitCode, left, children }).toEqual({ exitCode: 130, left: [], children: [] });
    expect(milliseconds).toBeLessThan(2000);
    rmSync(home, { recursive: true, force: true });
  });

  test("on a daemon that is frozen, as nothing else ends that", async () => {
    await using daemon = await startOwnBuildkitd();
    const script = `bk.export(${busybox}:run("echo begun; sleep 1000"))`;
    const reached: Stage["reached"] = (running) => running.wrote(" begun\n");
    const end = await endAt({ script, daemon: ["--addr", daemon.addr], reached }, (running) => {
      daemon.signal("SIGSTOP");
      running.signal("SIGINT");
    });
    daemon.signal("SIGCONT");
    expect(end).toMatchObject({ exitCode: 130, left: [], children: [] });
    expect(end.stderr).toEndWith("error: the build was interrupted\n");
    expect(end.delay).toBeLessThan(2000);
  });

  test("a script that does not end", async () => {
    const flags = ["-o", "type=tar,dest=x.tar"];
    const script = "while true do end";
    const { exitCode, milliseconds, left } = await endAt({ script, flags, reached: () => Bun.sleep(700) }, (running) =>
      running.signal("SIGINT"),
    );
    expect({ exitCode, left }).toEqual({ exitCode: 130, left: [] });
    expect(milliseconds).toBeLessThan(500);
  });

  test("and local files are sent", async () => {
    using proxy = openSlowProxy(addr, { up: 20e6 });
    const prepare = (directory: string) => {
      mkdirSync(join(directory, "context"));
      writeFileSync(join(directory, "context/large"), "");
      truncateSync(join(directory, "context/large"), 1e9);
    };
    await interruptAt({
      script: 'bk.export(bk.local_("context"))',
      flags: ["-c", "context", "-o", "out"],
      daemon: ["--addr", proxy.addr],
      prepare,
      reached: async (running) => {
        await running.wrote("transferring context");
        await Bun.sleep(300);
      },
    });
  });

  test("and an image is pulled", async () => {
    const registry = openStallingRegistry();
    const script = `bk.export(bk.image("${registry.host}/app"):run("true"))`;
    await interruptAt({ script, flags: ["-o", "out"], reached: (running) => running.until(registry.isStalled) });
    registry.stop();
  });

  test("and a credential helper asks its user", () =>
    withProgram("docker-credential-slow", "exec sleep 1000", async (env) => {
      const prepare = (directory: string) => {
        mkdirSync(join(directory, "docker"));
        writeFileSync(join(directory, "docker/config.json"), JSON.stringify({ credsStore: "slow" }));
      };
      await inDirectory(async (config) => {
        writeFileSync(join(config, "config.json"), JSON.stringify({ credsStore: "slow" }));
        const script = `bk.export(bk.image("${authRegistry.host}/busybox"):run("echo ${unique()}"))`;
        await interruptAt({ script, env: { ...env, DOCKER_CONFIG: config }, prepare, reached: hasChild });
      });
    }));
});

describe("while it exports", () => {
  const plain = "compression=uncompressed,force-compression=true";
  test.each([
    ["x.tar", "type=tar,dest=x.tar"],
    ["out", "type=local,dest=out"],
    ["x.oci", `type=oci,dest=x.oci,${plain}`],
    ["layout", `type=oci,dest=layout,tar=false,${plain}`],
    ["new", `type=local,dest=new/a/b`],
  ])("%s", async (name, output) => {
    using proxy = openSlowProxy(addr, { down: 20e6 });
    await interruptAt({
      script: large,
      flags: ["-o", output],
      daemon: ["--addr", proxy.addr],
      reached: (running, directory) => running.until(() => hasBytes(directory, name, 1)),
    });
  });

  test("a local cache", async () => {
    using proxy = openSlowProxy(addr, { down: 20e6 });
    await interruptAt({
      script: large,
      flags: ["--cache-to", `type=local,dest=cache,${plain}`],
      daemon: ["--addr", proxy.addr],
      reached: (running, directory) => running.until(() => hasBytes(directory, "cache", 1)),
    });
  });

  test("to a fifo that nobody reads", async () => {
    const prepare = (directory: string) => void Bun.spawnSync(["mkfifo", join(directory, "fifo")]);
    const reached: Stage["reached"] = async (running) => {
      await running.wrote("sending tarball");
      await Bun.sleep(300);
    };
    await interruptAt({ script: large, flags: ["-o", "type=tar,dest=fifo"], prepare, reached });
  });

  test("to a registry that takes nothing", async () => {
    const registry = openStallingRegistry();
    await interruptAt({
      script: `bk.export(${busybox}:run("echo ${unique()} > /x"))`,
      flags: ["-t", `${registry.host}/other`, "--push", "-o", "type=tar,dest=x.tar"],
      reached: (running) => running.until(registry.isStalled),
    });
    registry.stop();
  });

  test("into an engine that takes nothing", () =>
    inDirectory(async (directory) => {
      let isLoading = false;
      using _ = Bun.serve({
        unix: join(directory, "socket"),
        fetch: ({ url }) => {
          if (!url.endsWith("/images/load?quiet=1")) return Response.json({});
          isLoading = true;
          return new Promise<Response>(() => {});
        },
      });
      const env = { DOCKER_HOST: `unix://${directory}/socket` };
      const reached: Stage["reached"] = async (running) => {
        await running.until(() => isLoading);
        await running.wrote("loading into");
      };
      await interruptAt({ script: large, flags: ["--load", "-o", "type=tar,dest=x.tar"], env, reached });
    }));
});

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, luakit, unique } from "../support/build.ts";
import { writeScript } from "../support/luakit.ts";
import { startLuakit, until } from "../support/running.ts";
import { openSlowProxy } from "../support/slow-proxy.ts";
import { endAt, hasBytes, listFiles } from "../support/stage.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { addr, images } = testbed();
const step = (command: string) => `bk.export(bk.image("${images.busybox}"):run("${command} # ${unique()}"))`;
/** 64 MiB that the daemon makes once. */
const large = `bk.export(bk.scratch():mkfile("/x", "x"):copy(bk.image("${images.busybox}"):run(
  "dd if=/dev/zero of=/large bs=1M count=64"), "/large", "/large"))`;

describe("a daemon that has stopped to answer", () => {
  const export_ = (act: Parameters<typeof endAt>[1], output: string, name: string) => {
    const proxy = openSlowProxy(addr, { down: 20e6 });
    return endAt(
      {
        script: large,
        flags: ["-o", output],
        daemon: ["--addr", proxy.addr],
        reached: async (running, directory) => {
          await running.until(() => hasBytes(directory, name, 1));
          proxy.freeze();
        },
      },
      act,
    ).finally(() => proxy[Symbol.dispose]());
  };

  test.each([
    ["x.tar", "type=tar,dest=x.tar"],
    ["out", "type=local,dest=out"],
  ])("keeps an interrupted build no longer than two seconds: %s", async (name, output) => {
    const end = await export_((running) => running.signal("SIGINT"), output, name);
    expect(end).toMatchObject({ exitCode: 130, left: [], children: [] });
    expect(end.milliseconds).toBeLessThan(2000);
    expect(end.stderr).toEndWith("error: the build was interrupted\n");
  });

  test.each([
    ["x.tar", "type=tar,dest=x.tar"],
    ["out", "type=local,dest=new/out"],
    ["layout", "type=oci,dest=layout,tar=false,compression=uncompressed,force-compression=true"],
  ])("does not keep one that is interrupted twice, which leaves nothing either: %s", async (name, output) => {
    const interrupt = async (running: { signal(name: "SIGINT"): void }) => {
      running.signal("SIGINT");
      await Bun.sleep(150);
      running.signal("SIGINT");
    };
    const end = await export_(interrupt, output, name === "out" ? "new" : name);
    expect(end).toMatchObject({ exitCode: 130, left: [], children: [] });
    expect(end.milliseconds).toBeLessThan(400);
    expect(end.stderr.match(/the build was interrupted/g)).toHaveLength(1);
  });
});

test("a program that carries the connection ends with the second one, too", () =>
  inDirectory(async (directory) => {
    writeFileSync(join(directory, "docker"), "#!/bin/sh\nexec sleep 1000\n", { mode: 0o755 });
    const end = await endAt(
      {
        script: step("true"),
        daemon: ["--addr", "docker-container://name"],
        env: { PATH: `${directory}:${process.env.PATH}` },
        reached: (running) => running.until(() => running.children().length > 0),
      },
      async (running) => {
        running.signal("SIGINT");
        await Bun.sleep(150);
        running.signal("SIGINT");
      },
    );
    expect(end).toMatchObject({ exitCode: 130, children: [] });
    expect(end.milliseconds).toBeLessThan(400);
  }));

test("Ctrl-C on a terminal leaves it as it was", () =>
  inDirectory(async (directory) => {
    writeScript(directory, step("echo begun; sleep 1000"));
    let text = "";
    const terminal = new Bun.Terminal({
      cols: 80,
      rows: 24,
      data: (_, bytes) => {
        text += new TextDecoder().decode(bytes);
      },
    });
    const modes = () => [terminal.inputFlags, terminal.outputFlags, terminal.localFlags, terminal.controlFlags];
    const before = modes();
    // Ctrl-C is for the process that has the terminal as its own.
    const program = ["setsid", "--ctty", luakit];
    const env = { TERM: "xterm", NO_COLOR: "1" };
    const words = ["build", "--solve", "--addr", addr, "-o", "out"];
    const running = startLuakit(words, { cwd: directory, terminal, program, env });
    await running.until(() => text.includes("│ begun"));
    const pressed = performance.now();
    terminal.write("\u0003");
    expect((await running.ended).exitCode).toBe(130);
    expect(performance.now() - pressed).toBeLessThan(2000);
    await Bun.sleep(50);
    expect(modes()).toEqual(before);
    terminal.close();
    expect(text.lastIndexOf("\u001b[?25h")).toBeGreaterThan(text.lastIndexOf("\u001b[?25l"));
    expect(text).toContain("CANCELED");
    expect(text).toEndWith("the build was interrupted\r\n");
    expect(listFiles(directory)).toEqual(["build.lua"]);
  }));

test("Ctrl-C in a pipeline ends all of it", () =>
  inDirectory(async (directory) => {
    writeScript(directory, step("echo begun; sleep 1000"));
    const script = `{ trap : INT; "$0" build --solve --addr "$1" --progress plain -o - 2>log; echo $? >code; } | cat >got`;
    const child = Bun.spawn(["sh", "-c", script, luakit, addr], { cwd: directory, detached: true });
    const log = () => (existsSync(join(directory, "log")) ? readFileSync(join(directory, "log"), "utf8") : "");
    await until(() => log().includes(" begun\n"));
    process.kill(-child.pid, "SIGINT");
    await child.exited;
    await until(() => existsSync(join(directory, "code")));
    expect(readFileSync(join(directory, "code"), "utf8")).toBe("130\n");
    expect(readFileSync(join(directory, "got"), "utf8")).toBe("");
    expect(log()).toEndWith("error: the build was interrupted\n");
  }));

test("a build that is to survive its terminal does", () =>
  inDirectory(async (directory) => {
    writeScript(directory, step("echo begun; sleep 1"));
    const log = openSync(join(directory, "log"), "w");
    const program = ["sh", "-c", 'trap "" HUP; exec "$0" "$@"', luakit];
    const running = startLuakit(["build", "--solve", "--addr", addr, "--progress", "plain", "-o", "out"], {
      cwd: directory,
      program,
      stderr: log,
    });
    await running.until(() => readFileSync(join(directory, "log"), "utf8").includes(" begun\n"));
    running.signal("SIGHUP");
    expect((await running.ended).exitCode).toBe(0);
    closeSync(log);
  }));

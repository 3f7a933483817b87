import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Files, inDirectory, luakit, writeFiles } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";
import { type Running, type StartOptions, startLuakit } from "../support/running.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(120_000);

const { addr, images } = testbed();
const env = { BUILDKIT_HOST: addr };

interface Session {
  readonly running: Running;
  readonly directory: string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Waits until the builds that were asked for are over, and tells how the last one ended. */
  idle(): Promise<"done" | "failed">;
  /** Waits until a build began for a reason. */
  began(reason: string | RegExp): Promise<void>;
  stop(): Promise<number>;
}

function watching(
  files: Files,
  args: readonly string[],
  use: (session: Session) => Promise<void>,
  start: Partial<StartOptions> = {},
): Promise<void> {
  return inDirectory(async (directory) => {
    writeFiles(directory, files);
    const running = startLuakit(args, { cwd: directory, env, ...start });
    let seen = 0;
    const next = async (pattern: RegExp) => {
      let match: RegExpExecArray | null = null;
      await running.until(() => {
        match = pattern.exec(running.text().slice(seen));
        return match !== null;
      });
      const found = pattern.exec(running.text().slice(seen));
      seen += (found?.index ?? 0) + (found?.[0].length ?? 0);
      return found;
    };
    try {
      await use({
        running,
        directory,
        write(path, text) {
          // At once: a machine that is busy may let others see an empty file for long.
          const draft = `${directory}-draft`;
          writeFileSync(draft, text);
          mkdirSync(dirname(join(directory, path)), { recursive: true });
          renameSync(draft, join(directory, path));
        },
        read: (path) => readFileSync(join(directory, path), "utf8"),
        async idle() {
          const found = await next(/(done|failed); watching \d+ files? in \d+ places?; /);
          return found?.[1] === "done" ? "done" : "failed";
        },
        began: async (reason) =>
          void (await next(typeof reason === "string" ? new RegExp(`:\\d\\d ${reason}`) : reason)),
        async stop() {
          running.signal("SIGINT");
          return (await running.ended).exitCode;
        },
      });
    } catch (error) {
      if (error instanceof Error) error.message += `\nafter: ${running.text().slice(-2000)}`;
      throw error;
    } finally {
      running.signal("SIGKILL");
    }
  });
}

const script = `
local m = require("lib.m")
local context = bk.local_("context", { exclude = { "out" } })
local built = bk.image("${images.busybox}"):run(m.command, { mounts = { bk.bind(context, "/src"), bk.bind(bk.scratch(), "/out", { readonly = false }) } })
bk.export(built:mount("/out"))`;
const copyAll = 'return { command = "cat /src/src/* > /out/all" }';

describe.concurrent("luakit build --watch", () => {
  test("builds again when the context, a module, the script or the ignore file changes, and never for its own output", () =>
    watching(
      { "build.lua": script, "lib/m.lua": copyAll, "src/a": "one\n", ".dockerignore": "*.log\nout\n" },
      ["build", "--watch", "--solve", "-o", "out", "--metadata-file", "built.json", "--progress=plain"],
      async ({ write, read, idle, began, stop, directory, running }) => {
        expect([await idle(), read("out/all")]).toEqual(["done", "one\n"]);
        write(".a.new", "two\n");
        renameSync(join(directory, ".a.new"), join(directory, "src/a"));
        await began(/ changed/);
        expect([await idle(), read("out/all")]).toEqual(["done", "two\n"]);
        write("src/new", "three\n");
        expect([await idle(), read("out/all")]).toEqual(["done", "two\nthree\n"]);
        write("lib/m.lua", "return { command = true }");
        await began("lib/m.lua changed");
        expect(await idle()).toBe("failed");
        write("lib/m.lua", copyAll.replace("cat", "wc -l"));
        expect([await idle(), read("out/all")]).toEqual(["done", expect.stringContaining("2 total")]);
        write("build.lua", `${script} -- the same`);
        await began("build.lua changed");
        expect(await idle()).toBe("done");
        // What is ignored starts nothing, until it is not ignored any more.
        write("debug.log", "x");
        write(".dockerignore", "out\n");
        await began(".dockerignore changed");
        expect(await idle()).toBe("done");
        write("debug.log", "y");
        await began("debug.log changed");
        expect(await idle()).toBe("done");
        await Bun.sleep(500);
        expect(running.text()).not.toMatch(/ (built\.json|out\S*)( and \d+ more)? changed/);
        expect(await stop()).toBe(130);
      },
    ));

  test("a change ends a build that runs, and what it left; the context may go and come back", () =>
    watching(
      {
        "build.lua": script,
        "lib/m.lua": 'return { command = "sleep 100; cat /src/src/* > /out/all" }',
        "c/src/a": "one\n",
      },
      ["build", "--watch", "--solve", "-o", "out", "-c", "c", "--progress=plain"],
      async ({ write, read, idle, running, directory, stop, began }) => {
        await running.until(() => running.text().includes("sleep 100"));
        await Bun.sleep(300);
        const started = performance.now();
        write("lib/m.lua", copyAll);
        expect(await idle()).toBe("done");
        expect(performance.now() - started).toBeLessThan(30_000);
        expect(running.text()).not.toContain("error: ");
        expect(read("out/all")).toBe("one\n");
        rmSync(join(directory, "c"), { recursive: true });
        await began(/\d c(\/\S+)?( and \d+ more)? changed/);
        expect(await idle()).toBe("failed");
        write("c/src/a", "back\n");
        await began(/changed/);
        while (read("out/all") !== "back\n") await idle();
        expect(await stop()).toBe(130);
      },
    ));

  test("Ctrl-C ends a build that runs, and leaves nothing", () =>
    watching(
      { "build.lua": script, "lib/m.lua": 'return { command = "sleep 100" }' },
      ["build", "--watch", "--solve", "-o", "out", "--progress=plain"],
      async ({ running, stop, directory }) => {
        await running.until(() => running.text().includes("sleep 100"));
        expect(await stop()).toBe(130);
        expect(existsSync(join(directory, "out"))).toBe(false);
        expect(running.children()).toEqual([]);
      },
    ));

  test("writes a Definition again, for the script and its modules alone", () =>
    watching(
      { "build.lua": 'bk.export(bk.scratch():mkfile("/a", require("m")))', "m.lua": 'return "one"', other: "" },
      ["build", "--watch", "-o", "build.pb"],
      async ({ write, read, idle, began, stop, running }) => {
        expect([await idle(), read("build.pb")]).toEqual(["done", expect.stringContaining("one")]);
        write("other", "changed");
        write("m.lua", 'return "two"');
        await began("m.lua changed");
        expect([await idle(), read("build.pb")]).toEqual(["done", expect.stringContaining("two")]);
        expect(running.text()).not.toContain("other");
        expect(await stop()).toBe(130);
      },
    ));

  test("a script that never ends does not end the watching, and a module that was missing is waited for", () =>
    watching(
      { "build.lua": "while true do end" },
      ["build", "--watch", "-o", "build.pb", "--timeout=300ms"],
      async ({ write, idle, stop, running }) => {
        expect(await idle()).toBe("failed");
        write("build.lua", 'bk.export(bk.scratch():mkfile("/a", require("lib.late")))');
        expect(await idle()).toBe("failed");
        expect(running.text()).toContain("lib/late.lua");
        write("lib/late.lua", 'return "late"');
        expect(await idle()).toBe("done");
        expect(await stop()).toBe(130);
      },
    ));

  test("at a terminal r builds again and q stops", async () => {
    let text = "";
    await using terminal = new Bun.Terminal({
      cols: 80,
      rows: 24,
      data(_, data) {
        text += new TextDecoder().decode(data);
      },
    });
    await inDirectory(async (directory) => {
      writeFiles(directory, { "build.lua": "bk.export(bk.scratch())" });
      const running = startLuakit(["build", "--watch", "-o", "build.pb"], {
        cwd: directory,
        terminal,
        env: { TERM: "xterm" },
      });
      const times = (word: string, count: number) => running.until(() => text.split(word).length > count);
      await times("press r to build again, q to stop", 1);
      terminal.write("xr");
      await times("building again", 1);
      await times("press r to build again, q to stop", 2);
      terminal.write("q");
      expect((await running.ended).exitCode).toBe(0);
    });
  });

  test("where the system watches no more, files are looked at", () =>
    watching(
      { "build.lua": script, "lib/m.lua": copyAll, "src/a": "one\n" },
      ["-c", 'echo 1 > /proc/sys/user/max_inotify_watches && exec "$0" build --watch --solve -o out', luakit],
      async ({ write, read, idle, stop, running }) => {
        expect(await idle()).toBe("done");
        expect(running.text()).toContain("(fs.inotify.max_user_watches); looking at every file each second instead");
        write("src/a", "later\n");
        expect([await idle(), read("out/all")]).toEqual(["done", "later\n"]);
        expect(await stop()).toBe(130);
      },
      { program: ["unshare", "--user", "--map-root-user", "sh"] },
    ));

  test("what cannot be watched is refused", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, { "build.lua": "bk.export(bk.scratch())" });
      const refused = async (...args: string[]) => {
        const { exitCode, stderr } = await runLuakit(["build", "--watch", ...args], { cwd: directory, env, stdin: "" });
        return [exitCode, stderr.split("\n")[0]];
      };
      expect(await refused("-o", "x.pb", "-")).toEqual([2, "error: --watch: what comes from stdin comes only once"]);
      expect(await refused()).toEqual([2, "error: --watch: a Definition goes to a file"]);
      expect(await refused("--solve", "-o", "-")).toEqual([2, "error: --watch: several results cannot go to stdout"]);
      const loop = `error: --watch: the result goes to "${directory}", where the build reads "${directory}"`;
      expect(await refused("--solve", "-o", ".")).toEqual([2, loop]);
    }));
});

describe.concurrent("--watch of other commands", () => {
  test("luakit validate", () =>
    watching({ "build.lua": "bk.export(1)" }, ["validate", "--watch"], async ({ write, idle, stop }) => {
      expect(await idle()).toBe("failed");
      write("build.lua", "bk.export(bk.scratch())");
      expect(await idle()).toBe("done");
      expect(await stop()).toBe(130);
    }));

  test("luakit test, for a new test, too", () =>
    watching(
      { "a_test.lua": 'test("one", function() expect(require("m")):equals(1) end)', "m.lua": "return 2" },
      ["test", "--watch"],
      async ({ write, idle, stop }) => {
        expect(await idle()).toBe("failed");
        write("m.lua", "return 1");
        expect(await idle()).toBe("done");
        write("b_test.lua", 'test("two", function() error("no") end)');
        expect(await idle()).toBe("failed");
        expect(await stop()).toBe(130);
      },
    ));
});

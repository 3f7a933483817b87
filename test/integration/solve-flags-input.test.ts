import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";
import { type SolveOptions, solvedIn, solveIn } from "../support/solve.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(120_000);

const { images, ociLayout, git } = testbed();

/** What a step writes to /out with mounts and options of its own. */
const step = (command: string, options = "") => `
  local base = bk.image("${images.busybox}")
  bk.export(bk.scratch():copy(base:run([[(${command}) > /out # ${unique()}]], {${options}}), "/out", "/"))
`;

function output(script: string, flags: readonly string[], options: SolveOptions = {}): Promise<string> {
  return inDirectory(async (directory) => {
    await solvedIn(directory, script, ["-o", "result", ...flags], options);
    return readFileSync(join(directory, "result/out"), "utf8").trim();
  });
}

describe.concurrent("--secret", () => {
  const read = (id: string) => step(`cat /s`, `mounts = {bk.secret("/s", {id = "${id}"})}`);

  test.each([
    ["id=x,src=file", "from a file", {}],
    ["id=x,env=TOKEN", "from a variable", { TOKEN: "from a variable" }],
    ["id=x,type=env,src=TOKEN", "from a variable", { TOKEN: "from a variable" }],
    ["id=x", "x of the host", { x: "x of the host" }],
  ])("%s", async (secret, value, env) => {
    expect(await output(read("x"), ["--secret", secret], { files: { file: "from a file" }, env })).toBe(value);
  });

  test("that is not given stops the step, unless it is optional", async () => {
    await inDirectory(async (directory) => {
      const { exitCode, stderr } = await solveIn(directory, read("missing"), ["-o", "type=cacheonly"]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("missing");
    });
    const optional = step("ls /s 2>/dev/null || echo none", 'mounts = {bk.secret("/s", {id = "x", optional = true})}');
    expect(await output(optional, [])).toBe("none");
  });
});

describe.concurrent("--ssh", () => {
  test("forwards the agent and sockets", async () => {
    const list = (id: string) =>
      step("readlink -f $SSH_AUTH_SOCK; test -S $SSH_AUTH_SOCK", `mounts = {bk.ssh({id = "${id}", dest = "/agent"})}`);
    expect(await output(list("default"), ["--ssh", "default"], { env: { SSH_AUTH_SOCK: git.ssh.agent } })).toBe(
      "/agent",
    );
    expect(await output(list("other"), ["--ssh", `other=${git.ssh.agent}`])).toBe("/agent");
  });

  test.each([`default=${git.ssh.agent}`, `default=${git.ssh.key}`])("opens a git repository with %s", async (ssh) => {
    const text = `bk.export(bk.scratch():copy(bk.git("${git.ssh.url}", {known_hosts = [[${git.ssh.knownHosts}]]}), "sub/dir/file.txt", "/out"))`;
    expect(await output(text, ["--ssh", ssh])).not.toBe("");
  });
});

describe.concurrent("local directories", () => {
  const copy = (name: string, path: string) => `bk.export(bk.scratch():copy(bk.local_("${name}"), "${path}", "/out"))`;

  test("are the context, where the command runs or where it says", async () => {
    const files = { "sub/file": "inner", file: "outer" };
    expect(await output(copy("context", "file"), [], { files })).toBe("outer");
    expect(await output(copy("context", "file"), ["-c", "sub"], { files })).toBe("inner");
    expect(await output(copy("context", "file"), ["--local", "context=sub"], { files })).toBe("inner");
  });

  test("have names, and may be one file", async () => {
    const files = { "src/file": "text", single: "alone" };
    expect(await output(copy("src", "file"), ["--local", "src=src"], { files })).toBe("text");
    expect(await output(copy("one", "single"), ["--local", "one=single"], { files })).toBe("alone");
  });

  test("that are not named are not served", async () => {
    await inDirectory(async (directory) => {
      const { exitCode, stderr } = await solveIn(directory, copy("other", "file"), ["-o", "type=cacheonly"]);
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain("other");
    });
  });
});

describe.concurrent("--oci-layout", () => {
  test("gives an image of the disk", async () => {
    const text = `bk.export(bk.scratch():copy(bk.oci_layout("base@${ociLayout.digest}"):run("echo made > /out # ${unique()}"), "/out", "/"))`;
    expect(await output(text, ["--oci-layout", `base=${ociLayout.dir}`])).toBe("made");
  });

  test("is what is missing without it", async () => {
    const text = `bk.export(bk.oci_layout("base@sha256:${"0".repeat(64)}"))`;
    const { stderr, exitCode } = await inDirectory((directory) => solveIn(directory, text, ["-o", "out"]));
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("hint: give the layout: --oci-layout NAME=DIR")]);
  });
});

describe.concurrent("a Definition", () => {
  test("is built from a file and from stdin", async () => {
    await inDirectory(async (directory) => {
      const text = `bk.export(bk.scratch():mkfile("/out", "${unique()}"))`;
      writeScript(directory, text);
      const { bytes } = await runLuakit(["build", "build.lua"], { cwd: directory });
      writeFileSync(join(directory, "build.pb"), bytes);
      const { addr } = testbed();
      const flags = ["build", "--solve", "--addr", addr];
      const file = await runLuakit([...flags, "-o", "one", "build.pb"], { cwd: directory });
      const piped = await runLuakit([...flags, "-o", "two", "-"], { cwd: directory, stdin: bytes });
      expect([file.exitCode, piped.exitCode]).toEqual([0, 0]);
      const read = (name: string) => readFileSync(join(directory, name, "out"), "utf8");
      expect(read("one")).toBe(read("two"));
    });
  });

  test("is not empty: what a command that failed leaves in the pipe empties nothing", async () => {
    await inDirectory(async (directory) => {
      mkdirSync(join(directory, "out"));
      writeFileSync(join(directory, "out/kept"), "");
      const words = ["solve", "--addr", testbed().addr, "-o", "type=local,dest=out,mode=delete"];
      const { exitCode, stderr } = await runLuakit(words, { cwd: directory, stdin: new Uint8Array() });
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringContaining("the Definition is empty: there is nothing to build"),
      ]);
      expect(existsSync(join(directory, "out/kept"))).toBe(true);
    });
  });

  test.each([
    [["--target", "a"], "--target"],
    [["--platform", "linux/arm64"], "--platform"],
    [["--build-arg", "A=1"], "--build-arg"],
    [["--label", "a=b"], "--label"],
    [["--build-context", "a=."], "--build-context"],
  ])("is built as it is, without %j", async (flags, name) => {
    await inDirectory(async (directory) => {
      writeFileSync(join(directory, "build.pb"), "");
      const words = ["build", "--solve", "--addr", "unix:///none.sock", "-o", "out", ...flags, "build.pb"];
      const { exitCode, stderr } = await runLuakit(words, { cwd: directory });
      expect([exitCode, stderr]).toEqual([
        2,
        expect.stringContaining(`error: ${name} is for a script, and this is a Definition`),
      ]);
    });
  });
});

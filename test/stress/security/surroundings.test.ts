import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeImage, registryError, singleImage, startRegistry } from "../../image/fake-registry.ts";
import { type Files, inDirectory, luakit, writeFiles } from "../../support/build.ts";
import { runLuakit } from "../../support/luakit.ts";

setDefaultTimeout(120_000);

const good = 'bk.export(bk.local_("context"))';
const victim = "v1ctim-line";

/** Programs of the working directory, each of which leaves a mark when it runs. */
function plant(cwd: string): () => boolean {
  const mark = join(cwd, "OWNED");
  const names = [
    "docker",
    "buildctl",
    "buildkitd",
    "ssh",
    "git",
    "kubectl",
    "podman",
    "nerdctl",
    "rootlesskit",
    "sh",
    "mkfifo",
  ];
  for (const name of [...names, "docker-credential-evil", "docker-credential-desktop"]) {
    for (const place of [cwd, join(cwd, "bin")]) {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, name), `#!/bin/sh\necho "$0 $*" >> ${mark}\n`);
      chmodSync(join(place, name), 0o755);
    }
  }
  return () => existsSync(mark);
}

describe.concurrent("a program of the working directory is not run", () => {
  const relative = ".:./bin:bin::";
  const refused = /not on PATH|no buildkitd|cannot|there is no|needs|no daemon/;

  test.each([
    ...[
      "ssh://builder",
      "docker-container://builder",
      "podman-container://x",
      "nerdctl-container://x",
      "kube-pod://x",
    ].map((addr) => `info --addr ${addr}`),
    "build --solve --daemonless",
    "info",
    "build --solve --builder evil",
  ])("by luakit %s", (line) =>
    inDirectory(async (cwd) => {
      writeFiles(cwd, { "build.lua": good });
      const wasRun = plant(cwd);
      const { exitCode, stderr } = await runLuakit(line.split(" "), { cwd, env: { PATH: relative } });
      expect([wasRun(), exitCode === 0]).toEqual([false, false]);
      expect(stderr).toMatch(refused);
    }),
  );

  test("as a credential helper", () =>
    inDirectory(async (cwd) => {
      const denied = () => registryError(401, "X", "", { "WWW-Authenticate": "Basic" });
      const registry = startRegistry(singleImage(makeImage()), denied);
      const config = JSON.stringify({ credsStore: "evil", credHelpers: { [registry.host]: "evil" } });
      writeFiles(cwd, {
        "build.lua": `bk.export(bk.image("${registry.host}/app"):run("x"))`,
        "login/config.json": config,
      });
      const wasRun = plant(cwd);
      const env = { PATH: relative, DOCKER_CONFIG: join(cwd, "login") };
      const { stderr } = await runLuakit(["build"], { cwd, env });
      await registry.stop();
      expect(stderr).toContain("is not on PATH");
      expect(wasRun()).toBe(false);
    }));
});

describe.concurrent("an ignore file that is a link", () => {
  const links: readonly (readonly [what: string, files: Files, args: readonly string[]])[] = [
    ["out of the context", { ".dockerignore": { link: "../outside" } }, ["build"]],
    ["to an absolute path", { ".dockerignore": { link: "OUTSIDE" } }, ["build"]],
    ["of the script's own", { "build.lua.dockerignore": { link: "../outside" } }, ["build"]],
    ["over links", { ".dockerignore": { link: "one" }, one: { link: "two" }, two: { link: "../outside" } }, ["build"]],
    ["to a device", { ".dockerignore": { link: "/dev/zero" } }, ["build"]],
    [
      "of another context",
      { "other/.dockerignore": { link: "../../outside" } },
      ["build", "--solve", "--addr", "unix:///none", "--build-context", "context=other"],
    ],
  ];
  test.each(links)("%s says nothing of what it leads to", (_, files, args) =>
    inDirectory(async (place) => {
      const cwd = join(place, "project");
      mkdirSync(cwd);
      writeFileSync(join(place, "outside"), `${victim}\n`);
      const all: Files = { ...files, "build.lua": good };
      for (const [name, contents] of Object.entries(all)) {
        const target = typeof contents === "object" && "link" in contents ? contents.link : undefined;
        mkdirSync(join(cwd, name, ".."), { recursive: true });
        if (target === undefined) writeFileSync(join(cwd, name), good);
        else symlinkSync(target === "OUTSIDE" ? join(place, "outside") : target, join(cwd, name));
      }
      const { exitCode, stdout, stderr } = await runLuakit([...args, "-o", "out.pb"], { cwd });
      expect(stderr).toContain("a link to outside, which is not followed");
      expect(exitCode).toBe(1);
      expect(stdout + stderr).not.toContain(victim);
      expect(existsSync(join(cwd, "out.pb"))).toBe(false);
    }),
  );

  test("within its directory counts", () =>
    inDirectory(async (cwd) => {
      writeFiles(cwd, { "build.lua": good, "ci/ignore": "left-out\n", ".dockerignore": { link: "ci/ignore" } });
      const { exitCode } = await runLuakit(["build", "-o", "out.pb"], { cwd });
      expect(exitCode).toBe(0);
      expect(readFileSync(join(cwd, "out.pb"), "latin1")).toContain("left-out");
    }));
});

test("a script that is a device without end is refused", () =>
  inDirectory(async (cwd) => {
    symlinkSync("/dev/zero", join(cwd, "build.lua"));
    const { exitCode, stdout, memory } = await runLuakit(["validate"], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('"build.lua" is no script: it does not end');
    expect(memory).toBeLessThan(600 * 1024 * 1024);
  }));

describe.concurrent("what lies in the working directory is not read", () => {
  const mark = (name: string) => `require("fs").writeFileSync(process.cwd() + "/OWNED-${name}", "")`;
  const evil: Files = {
    "build.lua": good,
    "pre.js": mark("pre"),
    ".npmrc": "registry=http://127.0.0.1:1\nnode-options=--require ./pre.js\n",
    ".bunfig.toml": 'preload = ["./pre.js"]\n',
    "bunfig.toml": 'preload = ["./pre.js"]\n',
    ".env": "BUN_OPTIONS=--preload ./pre.js\nBUILDKIT_HOST=unix:///evil\nHTTPS_PROXY=http://127.0.0.1:1\n",
    ".git/config": "[core]\n\tfsmonitor = ./OWNED-git\n\tsshCommand = ./OWNED-git\n",
    "docker-compose.yml": "services: {x: {image: evil}}\n",
    ".docker/config.json": '{"credsStore": "evil", "currentContext": "evil"}',
    "buildkitd.toml": "[registry]\n",
    ".luakit/config.json": "{",
    "luakit.json": "{",
    ".luakitrc": "{",
    "stylua.toml": "= broken",
    ".editorconfig": "= broken",
    "package.json": "{ broken",
    "node_modules/.bin/docker": "#!/bin/sh\ntouch OWNED-bin\n",
    "ld.so.preload": "./evil.so\n",
  };

  test.each(["build -o out.pb", "dag", "outline", "targets", "validate", "config --no-resolve", "version"])(
    "by luakit %s",
    (line) =>
      inDirectory(async (cwd) => {
        writeFiles(cwd, evil);
        const { exitCode, stderr } = await runLuakit(line.split(" "), { cwd });
        expect([exitCode, stderr]).toEqual([0, ""]);
        const left = [...new Bun.Glob("OWNED*").scanSync(cwd)];
        expect(left).toEqual([]);
      }),
  );

  // BUN_OPTIONS, BUN_BE_BUN and BUN_INSPECT are the runtime's own: who sets variables is the user, as with LD_PRELOAD.
  test.each([
    ["NODE_OPTIONS", "--require ./pre.js"],
    ["BUN_INSPECT_PRELOAD", "./pre.js"],
    ["BUN_PRELOAD", "./pre.js"],
    ["BUN_CONFIG_PRELOAD", "./pre.js"],
    ["NODE_PATH", "."],
    ["XDG_CONFIG_HOME", "."],
  ])("nor by way of the variable %s", (name, value) =>
    inDirectory(async (cwd) => {
      writeFiles(cwd, evil);
      const { exitCode, stderr } = await runLuakit(["build", "-o", "out.pb"], { cwd, env: { [name]: value } });
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect([...new Bun.Glob("OWNED*").scanSync(cwd)]).toEqual([]);
    }),
  );
});

describe.concurrent("names that look like flags", () => {
  test("are names where they stand behind --, or after a directory", () =>
    inDirectory(async (place) => {
      const cwd = join(place, "-o");
      mkdirSync(cwd);
      writeFiles(cwd, {
        "--addr=tcp:evil.lua": good,
        "-": "bk.export(1)",
        "x\n::set-output name=a::b.lua": "bk.export(",
      });
      const named = await runLuakit(["validate", "--", "--addr=tcp:evil.lua"], { cwd });
      expect([named.exitCode, named.stderr]).toEqual([0, ""]);
      const flag = await runLuakit(["validate", "--addr=tcp:evil.lua"], { cwd });
      expect([flag.exitCode, flag.stdout]).toEqual([2, ""]);
      const all = await runLuakit(["fmt", "--check", "."], { cwd, env: { GITHUB_ACTIONS: "true" } });
      expect(all.stderr + all.stdout).not.toMatch(/^\s*::/m);
    }));

  test("reach no program as flags of its own", () =>
    inDirectory(async (cwd) => {
      const wasRun = plant(cwd);
      for (const addr of [
        "ssh://-oProxyCommand=x",
        "docker-container://--privileged",
        "podman-container://-x",
        "kube-pod://--help",
      ]) {
        const { exitCode, stderr } = await runLuakit(["info", "--addr", addr], { cwd, env: { PATH: cwd } });
        expect(exitCode).not.toBe(0);
        expect(stderr).not.toBe("");
        const said = wasRun() ? readFileSync(join(cwd, "OWNED"), "utf8") : "";
        // Behind `--`, or behind something that takes a value.
        expect(
          said.split("\n").filter((line) => /^\S+ .*(?<!-- )(-oProxyCommand|--privileged|-x\b|--help)/.test(line)),
        ).toEqual([]);
      }
    }));
});

test("what is secret stands in no argument of a helper, and its files are its user's", () =>
  inDirectory(async (cwd) => {
    const registry = startRegistry(singleImage(makeImage()), (request) =>
      request.headers.has("Authorization") ? undefined : registryError(401, "X", "", { "WWW-Authenticate": "Basic" }),
    );
    const helper = `#!/bin/sh\necho "$0 $*" > ${cwd}/arguments\nread -r host\necho "$host" > ${cwd}/stdin\necho '{"Username": "me", "Secret": "s3cret-helper"}'\n`;
    writeFiles(cwd, {
      "build.lua": `bk.export(bk.image("${registry.host}/app"):run("x"))`,
      "docker/config.json": JSON.stringify({ credHelpers: { [registry.host]: "mine" } }),
      "bin/docker-credential-mine": helper,
    });
    chmodSync(join(cwd, "bin/docker-credential-mine"), 0o755);
    const env = { PATH: `${join(cwd, "bin")}:/usr/bin:/bin`, DOCKER_CONFIG: join(cwd, "docker") };
    const { exitCode, stderr, stdout } = await runLuakit(["build"], { cwd, env });
    await registry.stop();
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).not.toContain("s3cret");
    expect(readFileSync(join(cwd, "arguments"), "utf8")).toBe(`${cwd}/bin/docker-credential-mine get\n`);
    expect(readFileSync(join(cwd, "stdin"), "utf8")).toContain(registry.host);
    expect(luakit).toContain("luakit");
  }));

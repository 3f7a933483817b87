import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Files, inDirectory, writeFiles } from "../support/build.ts";
import { checkTypes, emmyluaCheck, emmyluaTime } from "../support/emmylua.ts";
import { type LuakitResult, runLuakit, writeScript } from "../support/luakit.ts";
import { freshImage, pushStarterImages } from "../support/starter-images.ts";
import { fetchConfig, testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

const written = [".dockerignore", ".luakit", ".luarc.json", "build.lua"];

/** A folder of each kind: what it holds, and what the program of its image says. */
const projects: Readonly<Record<string, { readonly files: Files; readonly saw: string; readonly says?: string }>> = {
  go: {
    files: {
      "go.mod": "module example.com/hello\n\ngo 1.19\n",
      "main.go": 'package main\n\nfunc main() { println("hello from go") }\n',
    },
    saw: "go.mod: Go 1.19",
    says: "hello from go\n",
  },
  node: {
    files: {
      "package.json": JSON.stringify({
        name: "@example/hello",
        engines: { node: ">=18" },
        scripts: { build: "node build.js", test: "node --test", start: "node dist/index.js" },
      }),
      "package-lock.json": JSON.stringify({
        name: "@example/hello",
        lockfileVersion: 3,
        packages: { "": { name: "@example/hello" } },
      }),
      "build.js": `const fs = require("node:fs");
fs.mkdirSync("dist");
fs.writeFileSync("dist/index.js", "console.log('hello from node')");`,
    },
    saw: "package-lock.json: npm",
    says: "hello from node\n",
  },
  python: {
    files: {
      ".python-version": "3.11\n",
      "requirements.txt": "greeting==1.2\n",
      "main.py": 'import greeting\n\nprint("hello from python", greeting.version)\n',
    },
    saw: ".python-version: Python 3.11",
    says: "hello from python 1.2\n",
  },
  pyproject: {
    files: {
      "pyproject.toml": '[project]\nname = "hello"\nrequires-python = ">=3.11"\ndependencies = ["greeting==3.4"]\n',
      "main.py": 'import greeting\n\nprint("hello from python", greeting.version)\n',
    },
    saw: "pyproject.toml: Python 3.11",
    says: "hello from python 3.4\n",
  },
  rust: {
    files: {
      "Cargo.toml": '[package]\nname = "hello"\nrust-version = "1.85"\n',
      "Cargo.lock": "version = 4\n",
      "src/main.rs": 'fn main() {\n    println!("hello from rust");\n}\n',
    },
    saw: "Cargo.toml: Rust 1.85",
    says: "hello from rust\n",
  },
};

function run(args: readonly string[], cwd: string): Promise<LuakitResult> {
  const { addr, registry } = testbed();
  return runLuakit(args, { cwd, env: { BUILDKIT_HOST: addr, LUAKIT_REGISTRY_MIRRORS: `docker.io=${registry}` } });
}

async function expectSuccess(args: readonly string[], cwd: string): Promise<LuakitResult> {
  const result = await run(args, cwd);
  if (result.exitCode !== 0) throw new Error(`luakit ${args.join(" ")}:\n${result.stdout}${result.stderr}`);
  return result;
}

/** Everything that is said of a script which is right: nothing. */
async function expectClean(directory: string): Promise<void> {
  const { stdout, stderr } = await expectSuccess(["validate"], directory);
  expect({ stdout, stderr }).toEqual({ stdout: "✓ build.lua\n", stderr: "" });
  await expectSuccess(["fmt", "--check"], directory);
  expect(await checkTypes(directory)).toEqual([]);
}

/** What the program of an image writes, when its own user starts it where the image says. */
async function sayOf(image: string): Promise<string> {
  const { config } = await fetchConfig(image);
  const words: readonly string[] = JSON.parse(JSON.stringify(config.Entrypoint ?? config.Cmd ?? []));
  return inDirectory(async (directory) => {
    const list = words.map((word) => JSON.stringify(word)).join(", ");
    writeScript(
      directory,
      `local open = bk.scratch():mkdir("/open", { mode = "0777" })
local after = bk.image("${image}"):run(
  { "/bin/sh", "-c", '"$@" > /out/open/said', "sh", ${list} },
  { mounts = { bk.bind(open, "/out", { readonly = false }) } }
)
bk.export(after:mount("/out"))`,
    );
    await expectSuccess(["build", "--solve", "--output", "out"], directory);
    return readFileSync(join(directory, "out/open/said"), "utf8");
  });
}

describe("luakit init", () => {
  beforeAll(() => emmyluaCheck(), emmyluaTime);
  beforeAll(pushStarterImages);

  describe.concurrent.each(Object.entries(projects))("for %s", (kind, { files, saw, says }) => {
    test("writes a script that builds an image whose program runs", () =>
      inDirectory(async (directory) => {
        writeFiles(directory, files);
        const { stdout, stderr } = await expectSuccess(["init"], directory);
        expect(stderr).toBe("");
        expect(stdout).toContain(`  ${saw}\n`);
        expect(readdirSync(directory)).toEqual(expect.arrayContaining(written));
        await expectClean(directory);
        if (kind === "go") {
          await expectSuccess(["build", "--solve", "--output", "out"], directory);
          const { stderr: said } = Bun.spawnSync([join(directory, "out/usr/bin/hello")]);
          expect(said.toString()).toBe(says ?? "");
          expect(readFileSync(join(directory, "out/etc/ssl/certs/ca-certificates.crt"), "utf8")).toBe(
            "a certificate\n",
          );
        } else {
          const image = freshImage(kind);
          await expectSuccess(["build", "--tag", image, "--push"], directory);
          const { config } = await fetchConfig(image);
          expect(config.User).toMatch(/^(?:node|[1-9]\d*:[1-9]\d*)$/);
          expect(await sayOf(image)).toBe(says ?? "");
        }
        if (stdout.includes("--target test")) await expectSuccess(["build", "--solve", "--target", "test"], directory);
      }));
  });

  test.concurrent("writes a first script into an empty folder", () =>
    inDirectory(async (directory) => {
      const { stdout } = await expectSuccess(["init", "made/here"], directory);
      const folder = join(directory, "made/here");
      expect(stdout).toContain("  cd made/here\n");
      await expectClean(folder);
      await expectSuccess(["build", "--solve", "--build-arg", "NAME=Ada", "--output", "out"], folder);
      expect(readFileSync(join(folder, "out/hello.txt"), "utf8")).toBe("Hello, Ada, from x86_64\n");
    }));

  test.concurrent("has a Dockerfile built", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, {
        Dockerfile: 'FROM debian:bookworm-slim\nCOPY greeting /\nUSER 1000:1000\nCMD ["cat", "/greeting"]\n',
        greeting: "hello from a Dockerfile\n",
      });
      const { stdout } = await expectSuccess(["init"], directory);
      expect(stdout).toStartWith("dockerfile:\n");
      await expectClean(directory);
      const image = freshImage("dockerfile");
      await expectSuccess(["build", "--tag", image, "--push"], directory);
      expect(await sayOf(image)).toBe("hello from a Dockerfile\n");
    }));
});

const goProgram = "package main\n\nfunc main() {}\n";
const project = '[project]\nname = "x"\ndependencies = ["flask"]\n';

/** What folders of these kinds look like otherwise. */
const variants: Readonly<Record<string, Files>> = {
  "go-several": { "go.mod": "module x/v2\n\ngo 1.24\n", "cmd/a/main.go": goProgram, "cmd/b/main.go": goProgram },
  "go-library": { "go.mod": "module x\n", "x.go": "package x\n", "go.sum": "" },
  "go-vendor": { "go.mod": "module x\n", "main.go": goProgram, "vendor/modules.txt": "" },
  "node-bare": { "package.json": "{}" },
  "node-pnpm": { "package.json": '{"workspaces": ["packages/*"]}', "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "" },
  "node-yarn": { "package.json": '{"main": "index.js"}', "yarn.lock": "# yarn lockfile v1\n" },
  "node-berry": { "package.json": '{"scripts": {"start": "next start"}}', "yarn.lock": "", ".yarnrc.yml": "" },
  "node-bun": { "package.json": '{"scripts": {"build": "vite build"}}', "bun.lock": "" },
  "python-bare": { "setup.py": "" },
  "python-uv": { "pyproject.toml": project, "uv.lock": "" },
  "python-poetry": { "pyproject.toml": project, "poetry.lock": "" },
  "python-project": { "pyproject.toml": `${project}[build-system]\nrequires = ["hatchling"]\n` },
  "rust-library": { "Cargo.toml": '[package]\nname = "x"\n', "src/lib.rs": "" },
  "rust-several": { "Cargo.toml": '[package]\nname = "x"\n', "src/main.rs": "", "src/bin/y.rs": "", "Cargo.lock": "" },
  "dockerfile-broken": { Dockerfile: "FRM x\n" },
};

test("scripts of other folders, and of nothing at all, are in order", () =>
  inDirectory(async (directory) => {
    const kinds = ["go", "node", "python", "rust", "dockerfile", "plain"];
    for (const [name, files] of Object.entries(variants)) writeFiles(join(directory, name), files);
    await Promise.all([
      expectSuccess(["init"], directory),
      ...Object.keys(variants).map((name) => expectSuccess(["init", name], directory)),
      ...kinds.map((kind) => expectSuccess(["init", `--kind=${kind}`, `nothing-${kind}`], directory)),
    ]);
    const names = [...Object.keys(variants), ...kinds.map((kind) => `nothing-${kind}`)];
    const scripts = names.map((name) => `${name}/build.lua`);
    const { stdout } = await expectSuccess(["validate", ...scripts], directory);
    expect(stdout).toBe(scripts.map((name) => `✓ ${name}\n`).join(""));
    await expectSuccess(["fmt", "--check", ...scripts], directory);
    for (const name of names) rmSync(join(directory, name, ".luakit"), { recursive: true });
    expect(await checkTypes(directory)).toEqual([]);
  }));

describe("what is there", () => {
  const mine = {
    "build.lua": "-- mine\n",
    ".dockerignore": "mine\n",
    ".luarc.json": "{}\n",
    ".luakit/luakit.lua": "mine",
  };

  test("stays, and is said", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, { ...mine, "go.mod": "module x\n" });
      const { stdout } = await expectSuccess(["init"], directory);
      for (const [name, text] of Object.entries(mine)) {
        expect(readFileSync(join(directory, name), "utf8")).toBe(text);
        expect(stdout).toContain(`\nkept  ${name}, which was there`);
      }
      expect(stdout).not.toContain("wrote");
      expect(stdout).not.toContain("--target test");
    }));

  test("stays when it is a link to nothing", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, { "build.lua": { link: "elsewhere.lua" } });
      const { stdout } = await expectSuccess(["init"], directory);
      expect(stdout).toContain("kept  build.lua");
      expect(readdirSync(directory)).not.toContain("elsewhere.lua");
    }));

  test("can be of several kinds: one is taken, the others are named", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, { "go.mod": "module x\n", "package.json": "{}", Dockerfile: "FROM scratch\n" });
      const { stdout } = await expectSuccess(["init"], directory);
      expect(stdout).toContain("go:\n");
      expect(stdout).toContain("  also there: package.json, for --kind node\n");
      expect(stdout).toContain("  also there: Dockerfile, for --kind dockerfile\n");
      await inDirectory(async (other) => {
        writeFiles(other, { "go.mod": "module x\n", "package.json": "{}" });
        expect((await expectSuccess(["init", "--kind=node"], other)).stdout).toStartWith("node:\n");
      });
    }));
});

test("a file is no folder", () =>
  inDirectory(async (directory) => {
    writeFiles(directory, { file: "" });
    const { exitCode, stderr } = await run(["init", "file"], directory);
    expect({ exitCode, stderr: stderr.replace(directory, "") }).toEqual({
      exitCode: 2,
      stderr: 'error: "/file" is a file, not a directory\n',
    });
  }));

test("a folder that cannot be written to is an error", () =>
  inDirectory(async (directory) => {
    const { exitCode, stderr } = await run(["init", "/proc/self/no-folder"], directory);
    expect(exitCode).toBe(1);
    expect(stderr).toStartWith('error: cannot write "/proc/self/no-folder": ');
  }));

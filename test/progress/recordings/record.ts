/**
 * Records status streams of real builds as buildctl's rawjson: `bun test/progress/recordings/record.ts [NAME...]`.
 * Needs the testbed. Recordings differ from run to run, so the goldens have to be looked at after a new recording.
 * `stock/` holds what BuildKit's own progressui (v0.32) printed in plain mode when it was fed with them.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Files, inDirectory, luakit, unique, writeFiles } from "../../support/build.ts";
import { testbed } from "../../support/testbed.ts";

interface Recipe {
  readonly files: Files;
  /** Flags of `buildctl build`; with none of them, `build.lua` is built. */
  readonly flags?: readonly string[];
  /** Milliseconds after which the build is interrupted. */
  readonly interrupt?: number;
  /** Builds it once before. */
  readonly warm?: boolean;
}

const { images, registry, git, http, addr, buildctl } = testbed();
const once = unique();

const dockerfile = (text: string): Files => ({ Dockerfile: text, "in.txt": `${once}\n` });
const dockerfileFlags = ["--frontend=dockerfile.v0", "--local=context=.", "--local=dockerfile=."];

const recipes: Readonly<Record<string, Recipe>> = {
  pull: {
    files: { "build.lua": `bk.export(bk.image("${images.debian}"):run("echo ${once}; sleep 0.3"))` },
  },
  cached: {
    files: {
      "build.lua": `
        local base = bk.image("${images.busybox}")
        local a = base:run("echo one > /one", { name = "make one" })
        bk.export(a:run("cat /one > /two", { name = "make two" }))`,
    },
    warm: true,
  },
  failing: {
    files: {
      "build.lua": `
        local base = bk.image("${images.busybox}")
        local bad = base:run("for i in $(seq 1 15); do echo line $i ${once}; done; sleep 0.4; echo broken >&2; exit 3", { name = "compile the program" })
        local slow = base:run("echo waiting ${once}; sleep 20", { name = "a slow step beside it" })
        bk.export(bk.merge(bad, slow))`,
    },
  },
  interrupted: {
    files: {
      "build.lua": `
        local base = bk.image("${images.busybox}")
        bk.export(base:run("echo ${once}; for i in $(seq 1 100); do echo tick $i; sleep 0.2; done", { name = "count" }))`,
    },
    interrupt: 1500,
  },
  parallel: {
    files: {
      "build.lua": `
        local base = bk.image("${images.busybox}")
        local list = {}
        for i = 1, 6 do
          list[i] = base:run({ "/bin/sh", "-c", "for j in $(seq 1 8); do echo part ${once} $j of " .. i .. "; sleep 0." .. i .. "; done; mkdir -p /o; echo > /o/" .. i }, { name = "build part " .. i })
        end
        bk.export(bk.merge(list))`,
    },
    flags: ["--output=type=local,dest=out"],
  },
  groups: {
    files: {
      "build.lua": `
        local base = bk.image("${images.busybox}")
        local a = base:run("echo first ${once}; sleep 0.3", { group = "install the tools" })
        local b = a:run("echo second; sleep 0.3", { group = "install the tools" })
        bk.export(b:run("echo last; sleep 0.2", { name = "after the group" }))`,
    },
  },
  escapes: {
    files: {
      "build.lua": `
        local base = bk.image("${images.busybox}")
        bk.export(base:run([[
          echo ${once}
          printf '\\033[31mred\\033[0m and \\033[1;38;5;208mbold orange\\033[0m\\n'
          for i in 10 40 70 100; do printf "\\rdownloading %3d%%" $i; sleep 0.15; done; echo
          printf '\\033]0;title of the window\\007after the title\\n'
          printf '\\033[2J\\033[Hclear and home\\n\\033[?1049halternate\\n'
          printf 'one\\ttab\\n\\302\\2335mC1 control\\n'
          echo '日本語のログ 👩‍👩‍👧 é'
          printf 'no end of line'
          sleep 0.2
        ]], { name = "noisy step" }))`,
    },
  },
  export: {
    files: {
      "build.lua": `
        local src = bk.local_("context")
        bk.export(bk.image("${images.busybox}"):copy(src, "/", "/data"), { cmd = { "ls" } })`,
      "data.bin": crypto.getRandomValues(new Uint8Array(65_536)),
      "more.bin": Buffer.concat(Array.from({ length: 400 }, () => crypto.getRandomValues(new Uint8Array(65_536)))),
    },
    flags: [
      "--local=context=.",
      `--output=type=image,name=${registry}/progress/export:1,push=true`,
      "--output=type=tar,dest=out.tar",
      `--export-cache=type=registry,ref=${registry}/progress/cache:1`,
    ],
  },
  sources: {
    files: {
      "build.lua": `
        local repo = bk.git("${git.url}", { ref = "feature", keep_git_dir = true })
        local file = bk.http("${http.data.url}", { filename = "data-${once}" })
        bk.export(bk.scratch():copy(repo, "/", "/repo"):copy(file, "/data-${once}", "/"))`,
    },
  },
  mounts: {
    files: {
      "build.lua": `
        local base = bk.image("${images.busybox}")
        bk.export(base:run("date >> /cache/log; wc -l /cache/log; echo ${once}", { mounts = { bk.cache("/cache", { id = "progress" }) }, name = "use the cache" }))`,
    },
  },
  platforms: {
    files: dockerfile(`FROM ${images.multi} AS base\nCOPY in.txt /\nFROM base\nCOPY --from=base /in.txt /again.txt\n`),
    flags: [...dockerfileFlags, "--opt=platform=linux/amd64,linux/arm64"],
  },
  warnings: {
    files: dockerfile(
      `FROM ${images.busybox} as base\nWORKDIR app\nENV KEY value\nRUN echo ${once} >&2\nMAINTAINER me\n`,
    ),
    flags: dockerfileFlags,
  },
};

async function record(name: string, recipe: Recipe): Promise<void> {
  await inDirectory(async (directory) => {
    writeFiles(directory, recipe.files);
    if (recipe.warm) await run(directory, recipe);
    const lines = (await run(directory, recipe)).split("\n").filter((line) => line.startsWith("{"));
    writeFileSync(join(import.meta.dir, `${name}.jsonl`), `${lines.map(withoutPlaces).join("\n")}\n`);
    process.stdout.write(`${name}: ${lines.length} messages\n`);
  });
}

/** The machine's own directories, which git tells of, are nobody's business. */
function withoutPlaces(line: string): string {
  return line.replace(/"data":"([^"]+)"/g, (_, data: string) => {
    const text = Buffer.from(data, "base64")
      .toString("latin1")
      .replace(/\/[\w./-]*\/buildkitd\/root\//g, "/var/lib/buildkit/");
    return `"data":"${Buffer.from(text, "latin1").toString("base64")}"`;
  });
}

async function run(directory: string, recipe: Recipe): Promise<string> {
  const flags = recipe.flags ?? [];
  const isScript = "build.lua" in recipe.files;
  const emitted = isScript ? Bun.spawnSync([luakit, "build", "build.lua"], { cwd: directory }) : undefined;
  if (emitted !== undefined && emitted.exitCode !== 0) throw new Error(emitted.stderr.toString());
  const child = Bun.spawn([buildctl, "--addr", addr, "build", "--progress=rawjson", ...flags], {
    cwd: directory,
    stdin: emitted?.stdout ?? "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  if (recipe.interrupt !== undefined) setTimeout(() => child.kill("SIGINT"), recipe.interrupt);
  return new Response(child.stderr).text();
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(recipes);
for (const name of names) {
  const recipe = recipes[name];
  if (recipe === undefined) throw new Error(`no recipe ${name}`);
  await record(name, recipe);
}

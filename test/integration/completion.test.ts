import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPrograms } from "../../scripts/testbed/debian.ts";
import { writeFiles } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";
import { openTypingShell, type Shell } from "../support/typing-shell.ts";

setDefaultTimeout(120_000);

const bashCompletion = "/usr/share/bash-completion/bash_completion";
let folder = "";

beforeAll(async () => {
  await installPrograms({ bash: "bash", zsh: "zsh", fish: "fish", [bashCompletion]: "bash-completion" });
  folder = mkdtempSync(join(tmpdir(), "luakit-completion-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = `
bk.arg("FLAVOR", { description = "what it tastes of", values = { "sweet", "sour" }, default = "sweet" })
bk.target("release", { description = "for users", default = true }, function() return bk.scratch() end)
bk.target("test", function() return bk.image("busybox"):run("true", { secrets_env = { KEY = "api-key" } }) end)
`;
const files = {
  "build.lua": script,
  "other.lua": 'bk.target("elsewhere", function() return bk.scratch() end)',
  "notes.txt": "",
  "sub dir/inner.lua": script,
  "project/app.lua": script,
  "broken.lua": "local x = = 1",
  "endless.lua": "while true do end",
};

/** Line, and the words that it has after the tab key. */
const cases: readonly (readonly [string, readonly string[]])[] = [
  ["luakit val", ["validate"]],
  ["luakit build --no-res", ["build", "--no-resolve"]],
  ["luakit build --target rel", ["build", "--target", "release"]],
  ["luakit build --target=te", ["build", "--target=test"]],
  ["luakit build other.lua --target el", ["build", "other.lua", "--target", "elsewhere"]],
  ["luakit build --build-arg FL", ["build", "--build-arg", "FLAVOR="]],
  ["luakit build --build-arg=FLAVOR=so", ["build", "--build-arg=FLAVOR=sour"]],
  ["luakit outline --platform linux/amd64,linux/ri", ["outline", "--platform", "linux/amd64,linux/riscv64"]],
  ["luakit build --progress=raw", ["build", "--progress=rawjson"]],
  ["luakit build --target test --secret id=ap", ["build", "--target", "test", "--secret", "id=api-key"]],
  ["luakit build --output type=loc", ["build", "--output", "type=local"]],
  ["luakit build --output=type=local,dest=pro", ["build", "--output=type=local,dest=project"]],
  ["luakit build -c sub", ["build", "-c", "sub dir"]],
  ["luakit build -c sub\\ d", ["build", "-c", "sub dir"]],
  ["luakit validate oth", ["validate", "other.lua"]],
  ["luakit build project/a", ["build", "project/app.lua"]],
  ["luakit history insp", ["history", "inspect"]],
  ["luakit completion fi", ["completion", "fish"]],
  ["luakit build broken.lua --target rel", ["build", "broken.lua", "--target", "rel"]],
  ["luakit nothing --tar", ["nothing", "--tar"]],
];

const shells: Readonly<Record<string, readonly [Shell, string]>> = {
  "bash alone": ["bash", "source <(luakit completion bash)"],
  "bash with bash-completion": ["bash", `source ${bashCompletion}; source $HOME/completions/luakit`],
  zsh: ["zsh", "fpath+=$HOME/zfunc; autoload -Uz compinit; compinit -u"],
  "zsh without installation": ["zsh", "autoload -Uz compinit; compinit -u; source <(luakit completion zsh)"],
  fish: ["fish", "luakit completion fish | source"],
};

describe.concurrent.each(Object.entries(shells))("%s", (name, [shell, setUp]) => {
  test("completes what is typed", async () => {
    const directory = join(folder, name.replaceAll(" ", "-"));
    writeFiles(directory, files);
    for (const [place, of] of [["completions/luakit", "bash"] as const, ["zfunc/_luakit", "zsh"] as const]) {
      writeFiles(directory, { [place]: (await runLuakit(["completion", of], { cwd: directory })).stdout });
    }
    await using typing = await openTypingShell(shell, directory, setUp);
    const answers: (readonly [string, readonly string[]])[] = [];
    for (const [line] of cases) {
      const [, ...words] = await typing.complete(line);
      // A slash at the end may stay, or go when a space follows.
      answers.push([line, words.map((word) => word.replace(/\/$/, ""))]);
    }
    expect(answers).toEqual([...cases]);
  });
});

describe.concurrent("luakit completion", () => {
  test("fish shows descriptions", async () => {
    const directory = join(folder, "descriptions");
    writeFiles(directory, files);
    const source = `luakit completion fish | source; complete -C "luakit build --target "`;
    const PATH = `${join(process.cwd(), "dist")}:${process.env.PATH}`;
    const child = Bun.spawnSync(["fish", "--no-config", "-c", source], {
      cwd: directory,
      env: { PATH, HOME: directory },
    });
    expect(child.stdout.toString()).toBe("release\tfor users\ntest\n");
  });

  test("a script that never ends is not waited for, and nothing is said", async () => {
    const directory = join(folder, "endless");
    writeFiles(directory, files);
    const started = performance.now();
    const { stdout } = await runLuakit(["__complete", "build", "endless.lua", "--target", ""], { cwd: directory });
    expect(stdout.split("\n").slice(3).join("")).toBe("");
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("flags that are there already are offered once more only where that means something", async () => {
    const directory = join(folder, "flags");
    mkdirSync(directory);
    const ask = async (...line: string[]) =>
      (await runLuakit(["__complete", ...line], { cwd: directory })).stdout
        .split("\n")
        .slice(3)
        .map((row) => row.split("\t")[0]);
    expect(await ask("build", "--solve", "--s")).not.toContain("--solve");
    expect(await ask("build", "--secret", "id=x", "--s")).toContain("--secret");
    expect(await ask("build", "--", "--s")).toEqual([""]);
    expect(await ask("build", "--import")).toEqual([""]);
  });

  test("builders of buildx and docker contexts", async () => {
    const directory = join(folder, "builders");
    writeFiles(directory, {
      "docker/buildx/instances/pool": '{"Name": "pool", "Driver": "remote", "Nodes": []}',
      "docker/contexts/meta/abc/meta.json": '{"Name": "far-away"}',
      "docker/contexts/meta/def/meta.json": "{",
    });
    const env = { DOCKER_CONFIG: join(directory, "docker") };
    const { stdout } = await runLuakit(["__complete", "build", "--builder", ""], { cwd: directory, env });
    const rows = ["pool\tbuilder of buildx", "far-away\tdocker context", "default\tdocker context", ""];
    expect(stdout.split("\n").slice(3)).toEqual(rows);
  });

  test("the shells that there are", async () => {
    expect(await runLuakit(["completion"], { cwd: folder })).toMatchObject({ exitCode: 2, stdout: "" });
    const wrong = await runLuakit(["completion", "bsh"], { cwd: folder });
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      'error: completion: the shell "bsh" is not known (did you mean "bash"?)\nhint: one of: bash, zsh, fish\n',
    ]);
  });
});

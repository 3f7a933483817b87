import { expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { effort } from "../stress/effort.ts";
import { inDirectory } from "../support/build.ts";
import { decodeDefinition } from "../support/definition.ts";
import { type LuakitOptions, runLuakit, writeScript } from "../support/luakit.ts";

setDefaultTimeout(120_000);

const flags = ["--no-resolve", "--platform=linux/amd64", "--build-arg=ONE=1", "--build-arg=TWO=2"];

/** How often a script runs, three times at once. */
const rounds = effort(8, 33);

/** All that could differ from run to run: order of tables, addresses, chance, the environment. */
const script = `
  local keys = {}
  for index = 1, 200 do keys["key" .. index] = tostring(index) end
  for index = 1, 50 do keys["random" .. math.random(1e9)] = "x" end
  local order = {}
  for key in pairs(keys) do order[#order + 1] = key end
  for name in pairs(_G) do order[#order + 1] = name end
  local texts = {tostring({}), tostring(print), tostring(bk.scratch()), tostring(coroutine.create(print))}
  texts[#texts + 1] = tostring(math.random()) .. string.format("%p", {})
  math.randomseed(42) texts[#texts + 1] = tostring(math.random(1e9))
  math.randomseed() texts[#texts + 1] = tostring(math.random(1e9))
  local objects = {}
  for index = 1, 100 do objects[{}] = index end
  for _, index in pairs(objects) do texts[#texts + 1] = index end
  texts[#texts + 1] = (os.getenv("ONE") or "") .. (os.getenv("TWO") or "") .. (os.getenv("HOME") or "nothing")
  texts[#texts + 1] = tostring(collectgarbage("count") > 0) .. os.date("%c %Z", 0)
  local helper = require "lib.helper"
  local base = bk.image("busybox"):with_env(keys):with_hosts({b = "10.0.0.2", a = "10.0.0.1"})
  local step = base:run("echo", {
    env = keys, secrets_env = {B = "b", A = "a"}, ulimits = {nproc = 1, nofile = 2, core = 3},
    mounts = {bk.cache("/z"), bk.secret("/s"), bk.tmpfs("/t"), bk.cache("/a"), bk.ssh()}, group = "g", name = "n",
  })
  local context = bk.local_("context", {include = {"b", "a"}})
  local made = helper.files(step:copy(context, {"x", "y"}, "/d/", {exclude = {"q", "p"}}), order)
  bk.export(bk.merge(made, bk.diff(base, step)):mkfile("/texts", table.concat(texts, " ") .. json.encode(keys)), {
    labels = {b = "2", a = "1", c = "3"}, env = keys,
  })`;

const files = {
  "lib/helper.lua": `
    local helper = {}
    function helper.files(state, names)
      return state:files(function(f) for index, name in ipairs(names) do f:mkfile("/f" .. index, name) end end)
    end
    return helper`,
};

async function emit(directory: string, args: readonly string[] = [], options: Partial<LuakitOptions> = {}) {
  const { exitCode, bytes, stderr } = await runLuakit(["build", ...flags, ...args], { cwd: directory, ...options });
  expect(stderr).not.toContain("error");
  expect(exitCode).toBe(0);
  return bytes;
}

test(`the same script gives the same bytes ${3 * rounds + 1} times over`, async () => {
  await inDirectory(async (directory) => {
    writeScript(directory, script, files);
    const first = await emit(directory);
    expect(decodeDefinition(first).def.length).toBeGreaterThan(5);
    for (let round = 0; round < rounds; round++) {
      const emitted = [1, 2, 3].map(() => emit(directory));
      for (const bytes of await Promise.all(emitted)) expect(bytes).toEqual(first);
    }
  });
});

test("from any place, by any path, with any environment, from the executable and from bun", async () => {
  await inDirectory(async (directory) => {
    const [here, there] = [join(directory, "here"), join(directory, "some/where else")];
    writeScript(here, script, files);
    writeScript(there, script, files);
    const root = join(import.meta.dir, "../..");
    const bun = [process.execPath, join(root, "src/main.ts")];
    const first = await emit(here);
    expect(await emit(there)).toEqual(first);
    expect(await emit(directory, ["here/build.lua"])).toEqual(first);
    expect(await emit("/", [join(there, "build.lua"), "--context", there])).toEqual(first);
    expect(await emit(here, [], { env: { LANG: "cs_CZ.UTF-8", LC_ALL: "C", TZ: "Asia/Tokyo", USER: "x" } })).toEqual(
      first,
    );
    expect(await emit(here, [], { program: bun })).toEqual(first);
  });
});

test("build arguments in another order", async () => {
  await inDirectory(async (directory) => {
    writeScript(directory, script, files);
    const first = await emit(directory);
    const { bytes } = await runLuakit(
      ["build", "--build-arg=TWO=2", "--no-resolve", "--build-arg=ONE=1", "--platform=linux/amd64", "build.lua"],
      { cwd: directory },
    );
    expect(bytes).toEqual(first);
  });
});

test("a copy of the executable under another name", async () => {
  await inDirectory(async (directory) => {
    writeScript(directory, script, files);
    const first = await emit(directory);
    const { luakit } = await import("../support/build.ts");
    mkdirSync(join(directory, "bin"));
    copyFileSync(luakit, join(directory, "bin/other"));
    expect(await emit(directory, [], { program: [join(directory, "bin/other")] })).toEqual(first);
  });
});

test("another argument gives other bytes", async () => {
  await inDirectory(async (directory) => {
    writeScript(directory, script, files);
    expect(await emit(directory, ["--build-arg=ONE=other"])).not.toEqual(await emit(directory));
  });
});

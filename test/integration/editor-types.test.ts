import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { apiFunctions } from "../../src/api/api.ts";
import { testFunctions } from "../../src/suite/functions.ts";
import { type Files, inDirectory, writeFiles } from "../support/build.ts";
import { type Block, readBlocks } from "../support/document.ts";
import { type Complaint, checkTypes, emmyluaCheck, emmyluaTime } from "../support/emmylua.ts";
import { exampleDirectory } from "../support/example.ts";
import { runLuakit } from "../support/luakit.ts";

setDefaultTimeout(600_000);

/** What a script does wrong, and what is said of its last line. */
const wrong: Readonly<Record<string, readonly [script: string, code: string, message: RegExp]>> = {
  "an unknown option": [
    'bk.image("alpine"):run("env", { evn = { A = "1" } })',
    "param-type-mismatch",
    /expected `RunOptions\?` but found `\{ evn/,
  ],
  "an unknown option of an option": [
    'bk.image("alpine"):run("env", { platform = { ach = "arm64" } })',
    "param-type-mismatch",
    /RunOptions/,
  ],
  "an option of the wrong type": [
    'bk.image("alpine"):run("env", { cwd = 5 })',
    "param-type-mismatch",
    /RunOptions.*cwd = 5/,
  ],
  "a word that an option does not know": [
    'bk.cache("/root/.cache", { sharing = "lock" })',
    "param-type-mismatch",
    /CacheOptions.*sharing = "lock"/,
  ],
  "a word that a parameter does not know": [
    'bk.image("alpine"):with_network("hots")',
    "param-type-mismatch",
    /"sandbox".*but found `"hots"`/,
  ],
  "an argument of the wrong type": ["bk.image(3.22)", "param-type-mismatch", /expected `string` but found `3.22`/],
  "a list in the place of a State": ["bk.diff({ bk.scratch() }, bk.scratch())", "param-type-mismatch", /`State`/],
  "a missing argument": ['bk.scratch():copy(bk.local_("context"), "a")', "missing-parameter", /dest/],
  "an argument too many": ['bk.scratch("alpine")', "redundant-parameter", /expected 0/],
  "a missing option": [
    'bk.image("alpine"):run("env", { devices = { { optional = true } } })',
    "missing-fields",
    /DeviceRequest.*`name`/,
  ],
  "an unknown function": ['bk.imaeg("alpine")', "undefined-field", /imaeg/],
  "an unknown method": ['bk.image("alpine"):rnu("env")', "undefined-field", /rnu/],
  "a method of files that they do not have": [
    'bk.scratch():files(function(f) f:mkdri("/app") end)',
    "undefined-field",
    /mkdri/,
  ],
  "an unknown function of the prelude": ['require("prelude").form_alpine()', "undefined-field", /form_alpine/],
  "an argument of the prelude": ['require("prelude").from_alpine(3.22)', "param-type-mismatch", /string/],
  "a result that is no State": ['bk.target("app", function() return 5 end)', "return-type-mismatch", /State.*integer/],
  "an unknown global": ["print(bkk)", "undefined-global", /bkk/],
};

describe("the checker of types", () => {
  let directory = "";
  let complaints: readonly Complaint[] = [];

  beforeAll(() => emmyluaCheck(), emmyluaTime);
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "luakit-test-"));
    const { exitCode, stderr } = await runLuakit(["init"], { cwd: directory });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    cpSync(exampleDirectory(""), join(directory, "examples"), { recursive: true });
    saveEach(
      "described",
      Object.fromEntries([...apiFunctions, ...testFunctions].map(({ name, example }) => [name, example])),
    );
    writeFiles(
      join(directory, "page"),
      pageScripts(({ isWhole }) => isWhole),
    );
    saveEach("wrong", Object.fromEntries(Object.entries(wrong).map(([name, [script]]) => [name, script])));
    saveEach("right", right);
    complaints = await checkTypes(directory);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function saveEach(folder: string, scripts: Readonly<Record<string, string>>): void {
    mkdirSync(join(directory, folder));
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(directory, folder, `${name.replace(/\W+/g, "-")}.lua`), script);
    }
  }

  const said = (folder: string) => complaints.filter(({ file }) => file.startsWith(`${folder}/`));

  test("has nothing against the first script", () => {
    expect(complaints.filter(({ file }) => !file.includes("/"))).toEqual([]);
  });

  test("has nothing against the definitions", async () => {
    expect(said(".luakit")).toEqual([]);
    await inDirectory(async (alone) => {
      writeFiles(alone, { "luakit.lua": readFileSync(join(directory, ".luakit/luakit.lua"), "utf8") });
      expect(await checkTypes(alone)).toEqual([]);
    });
  });

  test("has nothing against the examples", () => {
    const scripts = readdirSync(join(directory, "examples"), { recursive: true, encoding: "utf8" });
    expect(scripts.filter((name) => name.endsWith(".lua")).length).toBeGreaterThan(30);
    expect(said("examples")).toEqual([]);
  });

  test("has nothing against the examples of functions", () => {
    expect(said("described")).toEqual([]);
  });

  test("has nothing against the pages, but for what they show as wrong", async () => {
    expect(await unexpected(directory, said("page"))).toEqual([]);
  });

  // Modules of the same name are not those of another page.
  test.each(
    pages()
      .filter(({ isWhole }) => !isWhole)
      .map(({ name }) => name),
  )("has nothing against %s, but for what it shows as wrong", (name) =>
    inDirectory(async (alone) => {
      for (const each of [".luarc.json", ".luakit"])
        cpSync(join(directory, each), join(alone, each), { recursive: true });
      const scripts = pages().find((page) => page.name === name)?.scripts ?? {};
      writeFiles(alone, scripts);
      expect(await unexpected(alone, await checkTypes(alone))).toEqual([]);
    }),
  );

  test("has nothing against what is like Lua 5.1, and the libraries that are there", () => {
    expect(said("right")).toEqual([]);
  });

  test.each(Object.keys(wrong))("complains of %s", (name) => {
    const [, code = "", message = /^$/] = wrong[name] ?? [];
    const found = said("wrong").filter(({ file }) => file === `wrong/${name.replace(/\W+/g, "-")}.lua`);
    expect(found).toContainEqual({ file: expect.anything(), line: 1, code, message: expect.stringMatching(message) });
    expect(found.length).toBeLessThanOrEqual(2);
  });
});

test("the task for Visual Studio Code finds the line of an error and of a warning", () =>
  inDirectory(async (directory) => {
    const page = readBlocks(readFileSync("docs/editor.md", "utf8"));
    const task = JSON.parse(page.find(({ title }) => title === ".vscode/tasks.json")?.body ?? "").tasks[0];
    const { regexp, file, line, message } = task.problemMatcher.pattern;
    const find = async (script: string) => {
      writeFiles(directory, { "build.lua": script });
      const { stdout } = await runLuakit(task.command.split(" ").slice(1), { cwd: directory });
      const found = stdout.split("\n").map((each) => new RegExp(regexp).exec(each));
      return found.flatMap((match) => (match === null ? [] : [[match[file], match[line], match[message]]]));
    };
    const text = 'state:run: unknown option "evn" (did you mean "env"?)';
    expect(await find('local base = bk.image("alpine:3.22")\nbk.export(base:run("env", { evn = {} }))')).toEqual([
      ["build.lua", "2", text],
    ]);
    expect(await find('bk.warn("slow")\nbk.export(bk.scratch())')).toEqual([
      ["build.lua", "1", expect.stringMatching(/^slow/)],
    ]);
  }));

const right: Readonly<Record<string, string>> = {
  "Lua 5.1": `local parts = { "a", "b" }
print(unpack(parts))
print(loadstring("return 1"))`,
  os: `print(os.getenv("HOME"), os.time(), os.clock(), os.date("%Y"))`,
  json: `local data = json.decode('{"name": null}')
bk.log(data.name == json.null, json.encode({ data }))`,
  lists: `local states = {}
for _, name in ipairs({ "a", "b" }) do
  states[#states + 1] = bk.image("alpine"):run("touch /" .. name)
end
bk.export(bk.merge(states))`,
  functions: `local function install(state, ...)
  return state:run({ "apk", "add", ... }, { mounts = { bk.cache("/var/cache/apk") } })
end
bk.export(install(bk.image("alpine:" .. bk.arg("ALPINE", "3.22")), "git", "curl"))`,
  prelude: `local prelude = require("prelude")
local app = prelude.go_binary_app("1.25-alpine", bk.local_("context"), { user = "app" })
bk.export(prelude.with_workdir(app, "/data"), { user = "app" })`,
};

/** Complaints of scripts that luakit itself takes. */
async function unexpected(directory: string, complaints: readonly Complaint[]): Promise<Complaint[]> {
  const files = [...new Set(complaints.map(({ file }) => file))];
  const checked = await Promise.all(
    files.map((file) =>
      runLuakit(["validate", file.slice(file.lastIndexOf("/") + 1)], { cwd: join(directory, dirname(file)) }),
    ),
  );
  const taken = files.filter((_, index) => checked[index]?.exitCode === 0);
  return complaints.filter(({ file }) => taken.includes(file));
}

interface Page {
  readonly name: string;
  readonly scripts: Files;
  /** It has no modules. */
  readonly isWhole: boolean;
}

/** The pages with their scripts, each under its line, and their modules under their names. */
function pages(): Page[] {
  const names = readdirSync("docs").filter((name) => name.endsWith(".md") && name !== "api.md");
  return names.map((name) => {
    const blocks = readBlocks(readFileSync(join("docs", name), "utf8"))
      .filter(({ language, title }) => language === "lua" && title !== undefined && !title.endsWith("_test.lua"))
      // The checker has a loadstring of its own, and takes what assert makes of it for nil.
      .filter(({ body }) => !body.includes("assert(loadstring("));
    const isModule = ({ body }: Block) => !body.includes("bk.export(") && !body.includes("bk.target(");
    const scripts = blocks.map(
      (each) => [isModule(each) ? (each.title ?? "") : `${each.line}.lua`, each.body] as const,
    );
    return { name, scripts: Object.fromEntries(scripts), isWhole: !blocks.some(isModule) };
  });
}

/** The scripts of some pages, below the page's name. */
function pageScripts(isWanted: (page: Page) => boolean): Files {
  const wanted = pages().filter(isWanted);
  return Object.fromEntries(
    wanted.flatMap(({ name, scripts }) => Object.entries(scripts).map(([file, body]) => [`${name}/${file}`, body])),
  );
}

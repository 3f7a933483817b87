import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LuakitResult, runLuakit } from "../../support/luakit.ts";
import { type Hostility, openHostileDaemon } from "./hostile-daemon.ts";
import { expectHarmless, expectNoCommand, luaPayload, payload } from "./payload.ts";

setDefaultTimeout(120_000);

const bytes = new TextEncoder().encode(payload);
/** UTF-8 that ends within a character, C1 controls as single bytes, and what is no UTF-8. */
const odd = new Uint8Array([...bytes, 0x9b, 0x32, 0x4a, 0xc2, 0x0a, 0xff, 0xfe, 0xe2, 0x80]);
const at = { seconds: 1_700_000_000, nanos: 0 };
const later = { seconds: 1_700_000_001, nanos: 0 };
const digest = `sha256:${"a".repeat(64)}`;

/** A daemon that says the worst in every place where it can say something. */
const loud: Hostility = {
  version: `v0.20.0${payload}`,
  status: [
    { vertexes: [{ digest, name: `step ${payload}`, started: at }] },
    ...[odd, new Uint8Array([0xae, 0x1b]), new TextEncoder().encode("[2Jx\n")].map((msg) => ({
      logs: [{ vertex: digest, stream: 1, msg, timestamp: at }],
    })),
    { statuses: [{ ID: payload, vertex: digest, name: payload, current: 1, total: 2, timestamp: at, started: at }] },
    { warnings: [{ vertex: digest, level: 1, short: bytes, detail: [bytes], url: `javascript:alert(1)//${payload}` }] },
    { vertexes: [{ digest, name: `step ${payload}`, started: at, completed: later, error: payload }] },
  ],
  workers: {
    record: [
      {
        ID: payload,
        Labels: { [`x${payload}`]: payload, "org.mobyproject.buildkit.worker.snapshotter": payload },
        platforms: [{ OS: "linux", Architecture: "amd64", Variant: "", OSVersion: payload, OSFeatures: [payload] }],
        GCPolicy: [{ all: true, filters: [payload] }],
        BuildkitVersion: { version: payload, package: payload, revision: payload },
      },
    ],
  },
  usage: [{ ID: payload, Description: payload, RecordType: payload, Parents: [payload], Size: 1, CreatedAt: at }],
  history: [
    {
      type: 1,
      record: {
        Ref: `ref${payload}`,
        Frontend: payload,
        FrontendAttrs: { [payload]: payload, target: payload },
        Exporters: [{ Type: payload, Attrs: { name: payload } }],
        error: { code: 2, message: payload },
        ExporterResponse: { [`k${payload}`]: payload, "image.name": payload },
        CreatedAt: at,
        CompletedAt: later,
      },
    },
  ],
};

const root = mkdtempSync(join(tmpdir(), "luakit-test-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const script = `local e = ${luaPayload}
print(e) bk.log(e) bk.warn(e)
bk.arg("A", {default = e, description = e, values = {e, "b"}})
local image = bk.image("busybox"):with_env({K = e})
local function go()
  local s = image:run("echo " .. e, {name = "N" .. e}):mkfile("/a", e):with_metadata({description = {x = e}})
  s = s:run("x", {mounts = {bk.cache("/c", {id = "c" .. e}), bk.secret("/s", {id = "s" .. e})}})
  return s, {labels = {["l" .. e] = e}, author = e, cmd = {e}}
end
bk.target("t", {description = e, default = true}, go)
`;

beforeAll(() => {
  mkdirSync(join(root, "init"));
  const json = {
    name: payload,
    main: `${payload}.js`,
    scripts: { build: payload, start: payload },
    engines: { node: payload },
  };
  writeFileSync(join(root, "init/package.json"), JSON.stringify(json));
  const name = payload.replaceAll("/", "_").replaceAll("\0", "").slice(0, 60);
  writeFileSync(join(root, "build.lua"), script);
  writeFileSync(
    join(root, "fails.lua"),
    `local e = ${luaPayload}\nlocal m = require("mod")\nm.f(e) -- ${payload.replaceAll("\n", " ")}`,
  );
  writeFileSync(
    join(root, "mod.lua"),
    'local M = {}\nfunction M.f(e) bk.image("a"):run("x", {[e] = 1}) end\nreturn M\n',
  );
  writeFileSync(join(root, "raw.lua"), `-- ${payload.replaceAll("\n", " ")}\nbk.image("")\n`);
  writeFileSync(join(root, "missing.lua"), `require(${luaPayload})`);
  writeFileSync(join(root, "throws.lua"), `error(${luaPayload})`);
  writeFileSync(join(root, `named${name}.lua`), "bk.export(");
  writeFileSync(
    join(root, `x${name}_test.lua`),
    `test(${luaPayload}, function(t) print(${luaPayload}) error(${luaPayload}) end)`,
  );
  writeFileSync(
    join(root, "Dockerfile"),
    `FROM alpine\nLABEL a="${payload.replaceAll("\n", " ").replaceAll('"', "")}"\nSHELL x\n# ${payload}\n`,
  );
});

const ran = (args: readonly string[], cwd = root, more: Readonly<Record<string, string>> = {}): Promise<LuakitResult> =>
  runLuakit(args, { cwd, env: { GITHUB_ACTIONS: "true", ...more } });

function judge({ stdout, stderr }: LuakitResult, what: string): void {
  for (const [name, text] of Object.entries({ stdout, stderr })) {
    expectHarmless(text, `${what}: ${name}`);
    if (!what.includes("github")) expectNoCommand(text, `${what}: ${name}`);
  }
}

/** No value may have become markup of a page. */
function expectNoMarkup(page: string): void {
  expect(page.match(/<script>alert|<img src=x|<svg onload|href="javascript/gi)).toBeNull();
}

describe.concurrent("what a script says, and files are called", () => {
  const named = [
    ...[
      "build --no-resolve -o /dev/null",
      "config --no-resolve",
      "config --no-resolve --output-attr",
      "outline",
      "targets",
    ],
    ...["outline --format json", "targets --format json", "dag", "dag --format json", "dag --format mermaid"],
    ...["dag --format svg", "dag --format html", "validate", "validate --format json", "validate --format sarif"],
    ...[
      "validate --format github",
      "build -o /dev/null fails.lua",
      "build -o /dev/null raw.lua",
      "validate throws.lua",
    ],
    ...[
      "validate missing.lua",
      "fmt --check .",
      "test",
      "test --format json",
      "test --format tap",
      "test --format junit",
    ],
    ...["test --list", "convert", "init init", "completion bash", "__complete build --target="],
  ];
  test.each(named)("drives nothing: luakit %s", async (line) => {
    const result = await ran(line.split(" "));
    judge(result, line);
    if (/html|svg/.test(line)) expectNoMarkup(result.stdout);
    expect(result.stdout + result.stderr).not.toBe("");
  });

  test("drives nothing where luakit tells of itself", async () => {
    for (const name of ["fails.lua", "throws.lua"]) {
      judge(await ran(["validate", name], root, { LUAKIT_DEBUG: "1" }), `debug ${name}`);
      judge(await ran(["build", name], root, { LUAKIT_DEBUG: "1" }), `debug ${name}`);
    }
  });

  test("of a hidden newline ends no line of a workflow", async () => {
    const { stdout } = await ran(["validate", "--format", "github", "build.lua"]);
    for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(/^::(warning|error|notice) file=build\.lua,/);
  });
});

describe.concurrent("what a daemon says", () => {
  const asked = [
    ...[
      "du",
      "du -v",
      "du --format json",
      "workers",
      "workers -v",
      "workers --format json",
      "info",
      "info --format json",
    ],
    ...["history ls", "history ls --format json", "history inspect", "history inspect --format json", "prune --force"],
    ...["history logs"],
  ];
  test.each(asked)("drives nothing: luakit %s", async (line) => {
    using daemon = openHostileDaemon(loud);
    const result = await ran([...line.split(" "), "--addr", daemon.addr]);
    judge(result, line);
    expect(result.stdout + result.stderr).not.toBe("");
  });

  test.each(["plain", "rawjson", "quiet", "none", "tty"])("of a build drives nothing: %s", async (mode) => {
    const place = join(root, mode);
    mkdirSync(place);
    writeFileSync(join(place, "build.lua"), 'bk.export(bk.scratch():mkfile("/a", ""))');
    using daemon = openHostileDaemon({
      ...loud,
      attack: async () => {
        await Bun.sleep(100);
        if (mode === "plain" || mode === "tty") throw new Error(payload);
        return {
          "image.name": payload,
          [payload]: payload,
          "containerimage.digest": payload,
          "containerimage.config.digest": payload,
        };
      },
    });
    const files = ["--trace", "trace", "--report", "report.html", "--metadata-file", "meta", "--iidfile", "iid"];
    const flags = ["--addr", daemon.addr, "--progress", mode, "-t", "x:1", "--push", ...files];
    const result = await ran(["build", "--solve", ...flags], place);
    judge(result, mode);
    for (const name of ["trace", "report.html"]) {
      if (!existsSync(join(place, name))) continue;
      const text = readFileSync(join(place, name), "utf8");
      if (name === "trace") expectHarmless(text, name);
      expectNoMarkup(text);
    }
    if (existsSync(join(place, "meta")))
      expect(Object.hasOwn(JSON.parse(readFileSync(join(place, "meta"), "utf8")), payload)).toBe(true);
    expect(result.exitCode).toBeLessThan(3);
  });
});

import { beforeAll, expect, test } from "bun:test";
import { buildWith, type Client, type Said } from "../support/client.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { inTurn } from "../support/in-turn.ts";

interface Hostile {
  readonly title: string;
  readonly script: string;
  /** The one error that the client gets, at the second line of the file. */
  readonly error: RegExp;
  readonly client?: Client;
  /** Value of LUAKIT_TIMEOUT. Default: 1. */
  readonly seconds?: number;
}

const outOfTime = /the script ran for more than 1 s/;
const outOfMemory = /the script uses more than 512 MiB of memory|not enough memory/;

/** What ends by itself gets enough time for a machine with other work. */
const enough = 25;

const scripts: readonly Hostile[] = [
  {
    title: "errors swallowed by pcall",
    script: "while true do pcall(function() while true do end end) end",
    error: outOfTime,
  },
  { title: "coroutines", script: "while true do coroutine.wrap(function() end)() end", error: outOfTime },
  {
    title: "a finalizer",
    script: "setmetatable({}, {__gc = function() while true do end end}) collectgarbage()",
    error: outOfTime,
  },
  { title: "a pattern", script: '(("a"):rep(40)):find(("a-"):rep(25) .. "b")', error: outOfTime },
  {
    title: "a pattern, on the oldest daemon",
    script: '(("a"):rep(40)):find(("a-"):rep(25) .. "b")',
    error: outOfTime,
    client: "buildctl v0.12",
  },
  {
    title: "gsub within pcall",
    script: 'while true do pcall(string.gsub, ("a"):rep(40), ("a-"):rep(25) .. "b", "") end',
    error: outOfTime,
  },
  { title: "table.move", script: "table.move({}, 1, 1e17, 2)", error: outOfTime },
  {
    title: "steps without end",
    script: 'local s = bk.image("a") while true do s = s:run("x") end',
    error: /more than (1 s|512 MiB)/,
  },
  {
    title: "tables that grow",
    script: "local t = {} while true do t[#t + 1] = {} end",
    error: /more than (1 s|512 MiB)/,
  },
  {
    title: "a string that doubles",
    script: 'local s = "x" while true do s = s .. s end',
    seconds: enough,
    error: outOfMemory,
  },
  {
    title: "a huge string",
    script: 'local s = ("x"):rep(1 << 40)',
    seconds: enough,
    error: /resulting string too large|more than 512 MiB|not enough memory/,
  },
  {
    title: "a huge string, inside an engine",
    script: 'local s = "x" while true do s = s .. s end',
    seconds: enough,
    error: outOfMemory,
    client: "docker",
  },
  {
    title: "calls nested without end",
    script: "local function f() return 1 + f() end f()",
    seconds: enough,
    error: /stack overflow/,
  },
  {
    title: "io",
    script: 'io.open("/proc/self/environ")',
    error: /attempt to index a nil value \(global 'io'\)|io\.open|sandbox/,
  },
  { title: "os.execute", script: 'os.execute("id")', error: /os\.execute|field 'execute'/ },
  { title: "loadfile", script: 'loadfile("/proc/self/maps")', error: /loadfile/ },
  { title: "require of a path outside", script: 'require("../../etc/passwd")', error: /etc\/passwd/ },
  { title: "require of an absolute path", script: 'require("/proc/self/environ")', error: /proc\/self\/environ/ },
  { title: "package.loadlib", script: 'package.loadlib("/lib/libc.so.6", "*")', error: /package/ },
];

let said: ReadonlyMap<Hostile, Said> = new Map();

beforeAll(async () => {
  await gatewayImage();
  said = await inTurn(scripts, 3, ({ client = "buildctl", script, seconds = 1 }) =>
    buildWith(client, { files: { "build.lua": script }, buildArgs: { LUAKIT_TIMEOUT: String(seconds) } }),
  );
}, 300_000);

test.each(scripts)("$title", (hostile) => {
  const { exitCode, text = "", milliseconds = 0 } = said.get(hostile) ?? {};
  expect(exitCode).toBe(1);
  expect(text).toMatch(hostile.error);
  expect(text).not.toContain("luakit has a bug");
  expect(text).not.toContain("did not complete successfully");
  expect(milliseconds).toBeLessThan(20_000);
});

test("nothing of the frontend's own environment or files is seen", async () => {
  const script = `local seen = {}
for _, name in ipairs {"PATH", "HOME", "BUILDKIT_SESSION_ID", "BUILDKIT_WORKERS", "BUILDKIT_FRONTEND_OPT_0"} do
  seen[#seen + 1] = os.getenv(name)
end
error("seen: " .. #seen)`;
  const { text } = await buildWith("buildctl", { files: { "build.lua": script } });
  expect(text).toMatch(/seen: 0\s*$/);
}, 30_000);

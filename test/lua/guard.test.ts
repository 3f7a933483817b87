import { expect, test } from "bun:test";
import { join } from "node:path";
import { openHarness } from "./support.ts";

const support = join(import.meta.dir, "support.ts");
const timeCap = 1000;

/** Runs a script in a process of its own, because the watchdog ends the process. */
async function runAlone(source: string): Promise<{ code: number; errors: string; milliseconds: number }> {
  const limits = { memory: 512 << 20, time: timeCap };
  const program = `const { run } = await import(${JSON.stringify(support)});
    process.on("exit", () => {});
    console.log("started");
    const bytes = new TextEncoder().encode("error: last words\\n");
    const options = { limits: ${JSON.stringify(limits)}, lastWords: { bytes, descriptor: 2, linger: 0 } };
    try { run(${JSON.stringify(source)}, options) } catch (error) { console.error(error.message); process.exit(1) }`;
  const child = Bun.spawn([process.execPath, "-e", program], { stderr: "pipe" });
  const started = performance.now();
  const errors = await new Response(child.stderr).text();
  return { code: await child.exited, errors, milliseconds: performance.now() - started };
}

/** What runs long within C, where Lua's clock hook does not run. */
const stuck: Readonly<Record<string, string>> = {
  "a pattern": "(('a'):rep(40)):find(('a-'):rep(25) .. 'b')",
  "a pattern over a short subject": "(('a'):rep(12)):match(('a?'):rep(40) .. ('a*'):rep(20) .. 'b')",
  "a pattern in a loop that swallows errors":
    "while true do pcall(string.find, ('a'):rep(40), ('a-'):rep(25) .. 'b') end",
  "gsub with a pattern": "(('a'):rep(40)):gsub(('a-'):rep(25) .. 'b', '')",
  "gmatch with a pattern": "for x in (('a'):rep(40)):gmatch(('a-'):rep(25) .. 'b') do end",
  "nested brackets": "local s = ('('):rep(3000000) s:find('%b()')",
  "a pattern within a coroutine": "coroutine.wrap(function() (('a'):rep(40)):find(('a-'):rep(25) .. 'b') end)()",
  "a finalizer": "setmetatable({}, {__gc = function() while true do end end}) collectgarbage()",
  "string.rep of nothing": "(''):rep(1e18)",
  "table.move": "table.move({}, 1, 1e17, 2)",
  "table.insert into a table that claims to be long":
    "table.insert(setmetatable({}, {__len = function() return 1 << 60 end}), 1, 1)",
  "table.remove from one": "table.remove(setmetatable({}, {__len = function() return 1 << 60 end}), 1)",
};

for (const [name, source] of Object.entries(stuck)) {
  test(`${name} ends at the time cap`, async () => {
    const { code, errors, milliseconds } = await runAlone(source);
    expect(errors).toMatch(/^error: last words\n$|^the script ran for more than 1 s\n$/);
    expect(code).toBe(1);
    expect(milliseconds).toBeLessThan(timeCap + 3000);
  }, 20_000);
}

test("a script that ends in time is not ended later", async () => {
  const { code, errors } = await runAlone("(('a'):rep(300)):find(('a-'):rep(2) .. 'b')");
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
});

test("guarded functions do what Lua's own do", () => {
  const { vm, session } = openHarness();
  vm.run({
    name: "build.lua",
    data: `
      local t = table.pack(table.unpack({3, 1, 2}))
      table.sort(t) table.insert(t, 4) table.insert(t, 1, 0) table.remove(t)
      out(table.concat(t, ","), tostring(t.n))
      out(table.concat(table.move({1, 2, 3}, 2, 3, 1), ","))
      out(("x"):rep(3, "-"), ("key=value"):match("(%w+)=(%w+)"))
      out((("a b"):gsub("%w", function(w) return w .. w end)))
      for k in ("a,b"):gmatch("[^,]+") do out(k) end
      out(tostring(("abc"):find("b", 1, true)), tostring(select("#", ("abc"):find("(b)"))))
      out(tostring(pcall(string.rep)), select(2, pcall(string.rep)))
      out(select(2, pcall(table.concat, {{}})))
      math.randomseed(42) local a = math.random(1000) math.randomseed(42) out(tostring(a == math.random(1000)))`,
  });
  expect(session.out).toEqual([
    "0,1,2,3 3",
    "2,3,3",
    "x-x-x key value",
    "aa bb",
    "a",
    "b",
    "2 3",
    "false bad argument #1 to 'string.rep' (string expected, got no value)",
    "invalid value (table) at index 1 in table for 'concat'",
    "true",
  ]);
});

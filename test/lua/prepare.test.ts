import { expect, test } from "bun:test";
import { join } from "node:path";
import { prepareLua } from "../../scripts/lua-wasm.ts";
import { endless } from "./endless.ts";
import { run, telltale } from "./support.ts";

test("the prepared WebAssembly of executables does what the plain one does, to the address", async () => {
  prepareLua("node_modules/wasmoon/dist/glue.wasm");
  const support = join(import.meta.dir, "support.ts");
  const glue = join(import.meta.dir, "../../src/lua/glue.ts");
  const program = `const { run, telltale } = await import(${JSON.stringify(support)});
    const { openGlue, readPrepared } = await import(${JSON.stringify(glue)});
    console.log(readPrepared(openGlue({ now: () => 0, mayGrow: () => true, grown: () => {}, adapter: { call: () => 0, hook: () => {} } })).main > 0);
    console.log(run(telltale)[0]);`;
  const child = Bun.spawn([process.execPath, "--conditions=prepared", "-e", program]);
  expect(await new Response(child.stdout).text()).toBe(`true\n${run(telltale)[0]}\n`);
});

test("a script gets the later parts when it needs them, and only then", async () => {
  prepareLua("node_modules/wasmoon/dist/glue.wasm");
  const support = join(import.meta.dir, "support.ts");
  const program = `const { run } = await import(${JSON.stringify(support)});
    let instances = 0;
    const Plain = WebAssembly.Instance;
    WebAssembly.Instance = class extends Plain { constructor(...words) { super(...words); instances++; } };
    const count = (script) => { instances = 0; const said = run(script).join(); return said + " " + instances; };
    const plain = 'local t = {} for i, v in ipairs({ 3, 4 }) do t[i] = v + 1 .. "!" end out(t[2])';
    const usual = 'local t = {} for i = 1, 50 do t[i] = ("%d"):format(i) end out(table.concat(t, ","):sub(-2))';
    const rare = 'out(coroutine.wrap(function() coroutine.yield(os.date("!%Y", 0) .. ("%.3f"):format(2 / 3)) end)())';
    console.log([count(plain), count(usual), count(rare), count(plain)].join("; "));`;
  const child = Bun.spawn([process.execPath, "--conditions=prepared", "-e", program], { stderr: "inherit" });
  expect(await new Response(child.stdout).text()).toBe("5! 1; 50 2; 19700.667 3; 5! 1\n");
});

test("scripts without end meet the time cap there as well, where they are", async () => {
  prepareLua("node_modules/wasmoon/dist/glue.wasm");
  const [support, scripts] = ["support.ts", "endless.ts"].map((name) => JSON.stringify(join(import.meta.dir, name)));
  const program = `const { fail } = await import(${support});
    const { endless } = await import(${scripts});
    for (const [name, source] of Object.entries(endless)) {
      const started = performance.now();
      const { message, position } = fail("\\n" + source, { limits: { memory: 512 << 20, time: 100 } });
      const isLate = performance.now() - started > 1100;
      console.log(name + ": " + message + ", line " + (position.line > 1 ? "there" : "before") + (isLate ? ", late" : ""));
    }`;
  const child = Bun.spawn([process.execPath, "--conditions=prepared", "-e", program], { stderr: "inherit" });
  const expected = Object.keys(endless).map((name) => `${name}: the script ran for more than 0.1 s, line there\n`);
  expect(await new Response(child.stdout).text()).toBe(expected.join(""));
}, 30_000);

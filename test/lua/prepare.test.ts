import { expect, test } from "bun:test";
import { join } from "node:path";
import { prepareLua } from "../../scripts/lua-wasm.ts";
import { run, telltale } from "./support.ts";

test("the prepared WebAssembly of executables does what the plain one does, to the address", async () => {
  prepareLua("node_modules/wasmoon/dist/glue.wasm", ".cache/lua.wasm");
  const support = join(import.meta.dir, "support.ts");
  const glue = join(import.meta.dir, "../../src/lua/glue.ts");
  const program = `const { run, telltale } = await import(${JSON.stringify(support)});
    const { openGlue, preparedStateOf } = await import(${JSON.stringify(glue)});
    console.log(preparedStateOf(openGlue({ now: () => 0, mayGrow: () => true, grown: () => {} })) > 0);
    console.log(run(telltale)[0]);`;
  const child = Bun.spawn([process.execPath, "--conditions=prepared", "-e", program]);
  expect(await new Response(child.stdout).text()).toBe(`true\n${run(telltale)[0]}\n`);
});

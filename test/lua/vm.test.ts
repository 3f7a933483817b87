import { expect, test } from "bun:test";
import { join } from "node:path";
import { effort } from "../stress/effort.ts";
import { openHarness, run, telltale } from "./support.ts";

/** How often five processes run at once. */
const rounds = effort(3, 20);

test("two VMs run a script alike", () => {
  expect(run(telltale)).toEqual(run(telltale));
});

test(`${5 * rounds} processes run a script alike`, async () => {
  const support = join(import.meta.dir, "support.ts");
  const program = `const { run } = await import(${JSON.stringify(support)}); console.log(run(${JSON.stringify(telltale)})[0])`;
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const processes = Array.from({ length: 5 }, () => Bun.spawn([process.execPath, "-e", program]));
    for (const child of processes) seen.add(await new Response(child.stdout).text());
  }
  expect(seen.size).toBe(1);
  expect([...seen][0]).toBe(`${run(telltale)[0]}\n`);
}, 120_000);

test("VMs do not see each other", () => {
  const first = openHarness();
  const second = openHarness();
  first.vm.run({ name: "a.lua", data: "X = 1 string.own = 1" });
  second.vm.run({ name: "b.lua", data: "out(tostring(X), tostring(string.own))" });
  expect(second.session.out).toEqual(["nil nil"]);
});

test("one VM runs several scripts in one world", () => {
  const { vm, session } = openHarness();
  vm.run({ name: "a.lua", data: "X = 1" });
  expect(() => vm.run({ name: "b.lua", data: "error('x')" })).toThrow("x");
  vm.run({ name: "c.lua", data: "out(tostring(X))" });
  expect(session.out).toEqual(["1"]);
  vm.close();
  expect(() => vm.run({ name: "d.lua", data: "" })).toThrow("the script is over");
});

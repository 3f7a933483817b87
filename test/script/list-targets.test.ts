import { expect, test } from "bun:test";
import { listTargets } from "../../src/script/list-targets.ts";
import { evaluateOptions } from "./evaluate-options.ts";

const at = (line: number) => ({ ranges: [{ start: { line }, end: { line } }] });
const targets = (script: string) => listTargets(evaluateOptions(script)).list.targets;

test("lists targets in the script's order, and makes none of them", () => {
  const script = `
    bk.target("b", {description = "second letter"}, function() error("made") end)
    bk.target("a", {default = true}, function() error("made") end)`;
  expect(targets(script)).toEqual([
    { name: "b", description: "second letter", location: at(2) },
    { name: "a", default: true, location: at(3) },
  ]);
});

test("an only target is the default; of several none is", () => {
  const declare = (name: string) => `bk.target("${name}", {}, function() end) `;
  expect(targets(declare("a"))).toMatchObject([{ name: "a", default: true }]);
  expect(targets(declare("a") + declare("b")).some((target) => target.default)).toBe(false);
  expect(targets(`${declare("a")} bk.export(bk.scratch())`)).toMatchObject([{ default: true }, { name: "a" }]);
});

test("the export is the default without a name, with its image and platforms", () => {
  expect(targets('bk.export(bk.image("alpine"):run("x"))')).toEqual([
    { default: true, base: "alpine:latest", location: at(1) },
  ]);
  const two = 'bk.export{["linux/amd64"] = bk.image("a"), ["linux/arm64"] = bk.image("b")}';
  expect(targets(two)).toEqual([{ default: true, platform: "linux/amd64,linux/arm64", location: at(1) }]);
});

test("a script that gives nothing has an empty list", () => {
  expect(targets("local x")).toEqual([]);
});

import { expect, test } from "bun:test";
import { moduleNames } from "../../src/frontend/module-names.ts";

test("names are those of every form of the call, each once", () => {
  const text = `local a = require("a.b")\nrequire 'c'\nrequire[[d/e]] require ( "c" ) require"f"\nlocal x = require("m" .. n)`;
  expect([...moduleNames(text)].sort()).toEqual(["a.b", "c", "d/e", "f", "m"]);
});

test("what is no literal and no call of require has no name", () => {
  expect(moduleNames(`require(name) required("x") require('a\\n') "require"`)).toEqual([]);
});

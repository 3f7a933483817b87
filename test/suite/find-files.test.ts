import { expect, test } from "bun:test";
import { findTestFiles } from "../../src/suite/find-files.ts";
import { inDirectory, writeFiles } from "../support/build.ts";

test("finds *_test.lua below directories, and not in other people's", () =>
  inDirectory(async (directory) => {
    const names = ["b_test.lua", "lib/a_test.lua", "lib/deep/c_test.lua", "build.lua", "odd.lua"];
    const passedBy = [
      "node_modules/x_test.lua",
      "luakit_modules/y_test.lua",
      ".git/z_test.lua",
      "lib/node_modules/w_test.lua",
    ];
    writeFiles(directory, Object.fromEntries([...names, ...passedBy].map((name) => [name, ""])));
    const found = (...operands: string[]) => findTestFiles(operands, directory).map(({ name }) => name);
    expect(found()).toEqual(["b_test.lua", "lib/a_test.lua", "lib/deep/c_test.lua"]);
    expect(found("lib", "b_test.lua", "lib/a_test.lua")).toEqual([
      "lib/a_test.lua",
      "lib/deep/c_test.lua",
      "b_test.lua",
    ]);
    expect(found("odd.lua")).toEqual(["odd.lua"]);
    expect(() => found("nothing")).toThrow('there is no "nothing"');
  }));

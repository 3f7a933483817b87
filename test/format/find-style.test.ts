import { expect, test } from "bun:test";
import { join } from "node:path";
import { findStyle } from "../../src/format/find-style.ts";
import { defaultStyle, styluaStyle } from "../../src/format/style.ts";
import { inDirectory, writeFiles } from "../support/build.ts";

test("stylua.toml counts from the file up to the working directory, and goes before .editorconfig", () =>
  inDirectory((directory) => {
    writeFiles(directory, {
      "stylua.toml": "indent_width = 1",
      "work/.editorconfig": "root = true\n[*.lua]\nindent_size = 3\n",
      "work/deep/.stylua.toml": "indent_width = 5",
      "work/deep/.editorconfig": "[*.lua]\nindent_size = 6\n",
      "work/other/.editorconfig": "[*.lua]\nmax_line_length = 70\n",
    });
    const work = join(directory, "work");
    const style = (path: string, cwd = work) => findStyle(join(directory, path), cwd);
    expect(style("work/deep/down/build.lua")).toEqual({ ...styluaStyle, indent_width: 5 });
    expect(style("work/build.lua")).toEqual({ ...defaultStyle, indent_width: 3 });
    expect(style("work/build.lua", directory)).toEqual({ ...styluaStyle, indent_width: 1 });
    expect(style("work/other/build.lua")).toEqual({ ...defaultStyle, indent_width: 3, column_width: 70 });
    // Not below the working directory: only the file's own directory is looked at, as StyLua does.
    expect(style("build.lua")).toEqual({ ...styluaStyle, indent_width: 1 });
    return Promise.resolve();
  }));

import { expect, test } from "bun:test";
import { parseLocals, parseOciLayouts } from "../../src/client/local-flags.ts";
import { complaintOf, inFlagDirectory } from "./flags.ts";

const files = { "dir/x": "", file: "", "layout/blobs/sha256/x": "", "layout/index.json": "{}" };

function locals(context: string | undefined, ...values: string[]) {
  return inFlagDirectory(files, (flags) =>
    parseLocals({ context, locals: values }, flags).map(({ name, path }) => `${name}=${path.replace(flags.cwd, "")}`),
  );
}

test("the context is the working directory, or what is named", async () => {
  expect(await locals(undefined)).toEqual(["context="]);
  expect(await locals("dir")).toEqual(["context=/dir"]);
  expect(await locals("file")).toEqual(["context=/file"]);
  expect(await locals("dir", "src=dir", "one=file")).toEqual(["context=/dir", "src=/dir", "one=/file"]);
  expect(await locals(undefined, "context=dir")).toEqual(["context=/dir"]);
  expect(await locals("./dir", "context=dir")).toEqual(["context=/dir"]);
});

test.each([
  ["none", [], '--context: there is no "'],
  ["https://github.com/a/b.git", [], "is not a directory of this machine"],
  ["git@github.com:a/b", [], "is not a directory of this machine"],
  ["file", ["context=dir"], "--context and --local context= name different directories"],
  [undefined, ["dir"], '--local: "dir" is not NAME=DIR'],
  [undefined, ["src="], '--local: "src=" is not NAME=DIR'],
  [undefined, ["=dir"], '--local: "=dir" is not NAME=VALUE'],
  [undefined, ["src=none"], '--local: there is no "'],
  [undefined, ["src=dir", "src=file"], '--local: the name "src" is given twice'],
])("--context %s --local %j is refused: %s", async (context, values, complaint) => {
  await inFlagDirectory(files, (flags) => {
    expect(complaintOf(() => parseLocals({ context, locals: values }, flags))).toContain(complaint);
  });
});

test("an OCI layout has blobs", async () => {
  await inFlagDirectory(files, (flags) => {
    expect(parseOciLayouts(["base=layout"], flags)).toEqual([{ name: "base", path: `${flags.cwd}/layout` }]);
    expect(complaintOf(() => parseOciLayouts(["base=dir"], flags))).toContain("is not an OCI layout: it has no blobs");
    expect(complaintOf(() => parseOciLayouts(["base=none"], flags))).toContain("there is no directory");
    expect(complaintOf(() => parseOciLayouts(["layout"], flags))).toContain("is not NAME=DIR");
    expect(complaintOf(() => parseOciLayouts(["a=layout", "a=layout"], flags))).toContain("is given twice");
  });
});

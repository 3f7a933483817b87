import { expect, test } from "bun:test";
import { join } from "node:path";
import { parseSecrets } from "../../src/client/secret-flag.ts";
import { complaintOf, inFlagDirectory } from "./flags.ts";

const files = { file: "x", "dir/f": "y", NAME: "z", big: "x".repeat(512_001), "a,b": "x" };
const variables = { TOKEN: "t", EMPTY: "", BOTH: "v" };

/** What a secret's source is, its path relative to the directory. */
function read(...values: string[]) {
  return inFlagDirectory(
    files,
    (context) =>
      parseSecrets(values, context).map((source) => {
        if ("path" in source) return { id: source.id, file: source.path.replace(`${context.cwd}/`, "") };
        return "env" in source ? { id: source.id, variable: source.env } : source;
      }),
    { variables },
  );
}

test.each([
  ["id=x,src=file", { id: "x", file: "file" }],
  ["id=x,source=file", { id: "x", file: "file" }],
  ["ID=x,SRC=./dir/f", { id: "x", file: "dir/f" }],
  ['id=x,"src=a,b"', { id: "x", file: "a,b" }],
  ["type=file,id=x,src=file", { id: "x", file: "file" }],
  ["id=x,env=TOKEN", { id: "x", variable: "TOKEN" }],
  ["id=x,env=EMPTY", { id: "x", variable: "EMPTY" }],
  ["id=x,type=env,env=TOKEN", { id: "x", variable: "TOKEN" }],
  ["id=x,type=env,src=TOKEN", { id: "x", variable: "TOKEN" }],
  ["id=TOKEN,type=env", { id: "TOKEN", variable: "TOKEN" }],
  ["id=TOKEN", { id: "TOKEN", variable: "TOKEN" }],
  ["id=EMPTY", { id: "EMPTY", variable: "EMPTY" }],
  ["id=NAME", { id: "NAME", file: "NAME" }],
  ["id=NAME,type=file", { id: "NAME", file: "NAME" }],
])("%s", async (value, source) => {
  expect<unknown>(await read(value)).toEqual([source]);
});

test("a relative path starts at the working directory", async () => {
  await inFlagDirectory(files, (context) => {
    expect(parseSecrets(["id=x,src=file"], context)).toEqual([{ id: "x", path: join(context.cwd, "file") }]);
    expect(parseSecrets([`id=x,src=${context.cwd}/file`], { ...context, cwd: "/" })).toHaveLength(1);
  });
});

test.each([
  [["x"], '--secret: "x" is not NAME=VALUE'],
  [["src=file"], "--secret: it says no id="],
  [["id=,src=file"], '"id": the value is empty'],
  [["id=x,file=y"], 'a secret has no attribute "file"'],
  [["id=x,scr=file"], 'a secret has no attribute "scr" (did you mean "src"?)'],
  [["id=x,type=vault"], '"type=vault": expected file or env'],
  [["id=x,src=file,env=TOKEN"], '"x" has src= and env=, and a secret is in one place'],
  [["id=x,src=file,source=file"], '"x" has src= and source='],
  [["id=x,type=file,env=TOKEN"], '"x" has env= and type=file'],
  [["id=x,src=none"], '"x": there is no file "none"'],
  [["id=x,src=file/y"], '"x": there is no file "file/y"'],
  [["id=none"], '"none": there is no file "none"'],
  [["id=x,src=dir"], '"x": "dir" is a directory'],
  [["id=x,src=big"], "larger than 500 KiB"],
  [["id=x,env=NONE"], '"x": the variable NONE is not set'],
  [["id=x,type=env"], '"x": the variable x is not set'],
  [["id=x,src=file", "id=x,env=TOKEN"], 'the id "x" is given twice'],
])("%j is refused: %s", async (values, complaint) => {
  await inFlagDirectory(
    files,
    (context) => {
      expect(complaintOf(() => parseSecrets(values, context))).toContain(complaint);
    },
    { variables },
  );
});

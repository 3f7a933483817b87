import { head, joinParts } from "./script-text.ts";
import type { Recipe } from "./starter.ts";

const commands = [
  { command: "luakit build --solve --output out", doc: "writes out/hello.txt" },
  { command: "luakit dag --format text", doc: "shows what is built" },
];

export const plain: Recipe = {
  kind: "plain",
  files: [],
  make: () => ({
    saw: ["nothing that says what is built here: a first script"],
    script: joinParts([
      head("A first build: a step in an image, and one file of what it left.", commands),
      `local name = bk.arg("NAME", { default = "world", description = "whom to greet" })`,
      `local base = bk.image("alpine:3.22")
local greeted = base:run('echo "Hello, $NAME, from $(uname -m)" > /hello.txt', { env = { NAME = name } })`,
      `bk.export(bk.scratch():copy(greeted, "/hello.txt", "/hello.txt"))`,
    ]),
    ignored: ["/out"],
    commands,
  }),
};

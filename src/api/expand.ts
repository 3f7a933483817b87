import { expandWord } from "../expand/expand.ts";
import { parseWord } from "../expand/word.ts";
import { optional } from "../lua/compose.ts";
import { text } from "../lua/scalar.ts";
import { map } from "../lua/table.ts";
import { define } from "./define.ts";
import { scalar } from "./kinds/scalar.ts";

export const bkExpand = define({
  name: "bk.expand",
  doc: "Puts variables into a text, as a Dockerfile does: `$NAME`, `${NAME:-default}`, `${NAME:+other}`, `${NAME:?message}`, `${NAME#prefix}`, `${NAME%suffix}` and `${NAME/from/to}`, and takes quotes and backslashes away.",
  params: [
    { name: "template", kind: text, doc: "The text." },
    { name: "variables", kind: optional(map(scalar)), doc: "Names and values; others are not set." },
  ],
  returns: { type: "string" },
  example: 'assert(bk.expand("${VERSION#v}-${FLAVOR:-slim}", {VERSION = "v1.2"}) == "1.2-slim")',
  run: (_, template, variables) => expandWord(parseWord(template), (name) => variables?.get(name)),
});

import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { didYouMean } from "../../diagnostic/suggest.ts";
import { refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { list } from "../../lua/table.ts";
import { filled } from "./text.ts";

const instructions =
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL RUN SHELL STOPSIGNAL USER VOLUME WORKDIR";
/** Docker refuses these in images that are built on the image, where it is late. */
const forbidden = ["FROM", "MAINTAINER", "ONBUILD"];

/** Instructions that ONBUILD may keep. */
export const onbuild: Kind<readonly string[]> = list(refine(filled, {}, checkTrigger));

function checkTrigger(trigger: string): string {
  const [, word = "", rest = ""] = /^(\S*)([\s\S]*)$/.exec(trigger.trim()) ?? [];
  const keyword = word.toUpperCase();
  if (forbidden.includes(keyword)) throw refuse(`ONBUILD ${keyword} is not allowed`);
  const known = instructions.split(" ");
  if (!known.includes(keyword)) throw refuse(`unknown instruction "${word}"${didYouMean(keyword, known)}`);
  if (rest.trim() === "") throw refuse(`${keyword} needs an argument`);
  return trigger;
}

function refuse(message: string): LuakitError {
  return new LuakitError("script.option", message, {
    hint: 'write instructions of a Dockerfile, such as "COPY . /app"',
  });
}

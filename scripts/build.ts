import { buildTarget, compile } from "./executable.ts";
import { say } from "./say.ts";
import { findTarget, targets } from "./targets.ts";

// `linux-arm64 windows-amd64` or `all` makes executables for these; none of them one for this machine.
const words = process.argv.slice(2).flatMap((word): readonly string[] => (word === "all" ? targets : [word]));
const unknown = words.find((word) => findTarget(word) === undefined);
if (unknown !== undefined) {
  say(`there is no target ${unknown}: it is one of ${targets.join(", ")}, or all`);
  process.exit(2);
}
if (words.length === 0) await compile("dist/luakit");
for (const word of words) {
  const target = findTarget(word);
  if (target !== undefined) await buildTarget(target);
}

import type { Connection } from "../client/connect.ts";
import { findBuild, listBuilds, removeBuild } from "../client/history.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Input, isFlagSet } from "./command.ts";
import { withDaemon } from "./daemon-flags.ts";
import type { Terminal } from "./terminal.ts";

/** `luakit history rm REF...|--all`; prints the refs that are gone. */
export function remove(input: Input, names: readonly string[], terminal: Terminal): Promise<number> {
  const all = isFlagSet(input, "all");
  if (all === names.length > 0) {
    throw new LuakitError("usage", "history: rm takes either builds or --all", { hint: "luakit history rm REF" });
  }
  const removeAll = async ({ channel }: Connection) => {
    const refs = new Set<string>();
    if (all) {
      const { records } = await listBuilds(channel);
      for (const { ref, status } of records) if (status !== "running") refs.add(ref);
    } else for (const name of names) refs.add((await findBuild(channel, name)).ref);
    for (const ref of refs) {
      await removeBuild(channel, ref);
      terminal.out(`${ref}\n`);
    }
    return 0;
  };
  return withDaemon(input, terminal, removeAll, { exact: true });
}

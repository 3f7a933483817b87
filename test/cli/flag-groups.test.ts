import { expect, test } from "bun:test";
import { loadCommands } from "../../src/cli/commands.ts";
import { groupFlags } from "../../src/cli/flag-groups.ts";

const commands = await loadCommands();

test.each(commands.map((command) => [command.name, command] as const))("%s shows each flag once", (_, command) => {
  const shown = groupFlags(command).flatMap(({ flags }) => flags.map(([name]) => name));
  const visible = Object.entries(command.flags).flatMap(([name, { hidden }]) => (hidden ? [] : [name]));
  expect(shown.toSorted()).toEqual(visible.toSorted());
});

test("a command with many flags has few that are in no group", () => {
  const build = commands.find(({ name }) => name === "build");
  const own = build === undefined ? [] : groupFlags(build).filter(({ title }) => title === "");
  expect(own.flatMap(({ flags }) => flags.map(([name]) => name))).toContain("solve");
  expect(own.flatMap(({ flags }) => flags).length).toBeLessThan(8);
});

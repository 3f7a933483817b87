import { expect, test } from "bun:test";
import { loadCommands } from "../../../src/cli/commands.ts";
import { suggestOperand } from "../../../src/cli/completion/operand-word.ts";

test("every command's usage line says what may follow it", async () => {
  const known = new Map<string, unknown>();
  for (const command of await loadCommands()) {
    const { candidates, files } = suggestOperand(command, []);
    known.set(command.name, files ?? candidates.map(({ value }) => value).join(" "));
  }
  expect(Object.fromEntries(known)).toMatchObject({
    build: "lua,pb",
    solve: "any",
    validate: "lua",
    dag: "lua,pb",
    config: "lua",
    fmt: "any",
    convert: "any",
    init: "directories",
    history: "ls logs inspect rm",
    completion: "bash zsh fish",
    workers: "",
  });
});

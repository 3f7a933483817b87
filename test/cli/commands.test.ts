import { expect, test } from "bun:test";
import { loadCommands, runCommand } from "../../src/cli/commands.ts";
import { printHelp } from "../../src/cli/help.ts";
import { parseInput } from "../../src/cli/parse.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

function capture(): { terminal: Terminal; text: () => string } {
  let text = "";
  const terminal: Terminal = {
    cwd: "/",
    variables: {},
    inIsTerminal: () => false,
    outIsTerminal: () => false,
    errorIsTerminal: () => false,
    out: (part) => {
      text += String(part);
    },
    error: () => {},
  };
  return { terminal, text: () => text };
}

/** Its examples are those of clients. */
const startedByBuildKit = "gateway";

test("every command has a summary, examples that call it, and lines that fit a terminal", async () => {
  for (const command of await loadCommands()) {
    const help = printHelp(command);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      if (command.name !== startedByBuildKit) expect(example.command).toContain(`luakit ${command.name}`);
    }
    for (const name of Object.keys(command.flags))
      if (!command.flags[name]?.hidden) expect(help).toContain(`--${name}`);
    const prose = help.split("\n").filter((line) => !line.startsWith("  luakit"));
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(100);
  }
});

test("every example has flags that its command takes", async () => {
  for (const command of await loadCommands()) {
    const calls = command.examples.flatMap((example) => callsOf(command.name, example.command));
    for (const words of calls) expect(() => parseInput(command, words)).not.toThrow();
    if (command.name !== startedByBuildKit) expect(calls.length).toBeGreaterThan(0);
  }
});

test("help comes with and without a command, and goes before flags that are wrong", async () => {
  for (const words of [[], ["--help"], ["-h"], ["help"]]) {
    const { terminal, text } = capture();
    expect(await runCommand(words, terminal)).toBe(0);
    expect(text()).toContain("Commands:");
  }
  for (const words of [
    ["build", "--help"],
    ["help", "build"],
    ["build", "--wrong", "-h"],
  ]) {
    const { terminal, text } = capture();
    expect(await runCommand(words, terminal)).toBe(0);
    expect(text()).toContain("luakit build [flags] [SCRIPT|DIR]");
  }
});

test("an unknown command is answered with the nearest one", async () => {
  const { terminal } = capture();
  await expect(runCommand(["biuld"], terminal)).rejects.toThrow('unknown command "biuld" (did you mean "build"?)');
  await expect(runCommand(["build.lua"], terminal)).rejects.toMatchObject({ hint: "luakit build build.lua" });
});

/** The words behind `luakit NAME`, wherever it stands in a line of shell. */
function callsOf(name: string, line: string): string[][] {
  const commands = line.split(/\s(?:\||&&|;)\s/).map((part) => part.trim());
  return commands
    .filter((part) => new RegExp(`^luakit ${name}(\\s|$)`).test(part))
    .map((part) => part.replace(/\s[<>].*$/, "").match(/"[^"]*"|'[^']*'|\S+/g) ?? [])
    .map((words) => words.slice(2).map((word) => word.replace(/^["']|["']$/g, "")));
}

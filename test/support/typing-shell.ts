import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { luakit } from "./build.ts";

export type Shell = "bash" | "zsh" | "fish";

const commands: Readonly<Record<Shell, readonly string[]>> = {
  bash: ["bash", "--norc", "--noprofile", "-i"],
  zsh: ["zsh", "-f", "-i"],
  fish: ["fish", "--no-config", "-i"],
};

/** Keys: to the end of the line, and to its beginning. */
const end = "\u0005";
const beginning = "\u0001";
const interrupt = "\u0003";

/** An interactive shell at a terminal, for what it makes of keys. */
export interface TypingShell extends AsyncDisposable {
  /** The words of `line` after the tab key was pressed at its end. */
  complete(line: string): Promise<readonly string[]>;
}

/** Starts a shell in a directory and types `setUp` first. */
export async function openTypingShell(shell: Shell, directory: string, setUp: string): Promise<TypingShell> {
  let shown = "";
  const child = Bun.spawn([...commands[shell]], {
    cwd: directory,
    env: { PATH: `${dirname(luakit)}:${process.env.PATH}`, HOME: directory, TERM: "xterm", LC_ALL: "C.UTF-8" },
    terminal: {
      cols: 200,
      rows: 50,
      data(_, data) {
        shown += new TextDecoder().decode(data);
      },
    },
  });
  const type = (keys: string) => void child.terminal?.write(keys);
  let count = 0;
  const ask = async (keys: string): Promise<readonly string[]> => {
    count++;
    type(`${keys} > words.${count}; echo > done.${count}\r`);
    const deadline = performance.now() + 30_000;
    while (!existsSync(join(directory, `done.${count}`))) {
      if (performance.now() > deadline) throw new Error(`${shell} does not answer: ${shown}`);
      await Bun.sleep(20);
    }
    return readFileSync(join(directory, `words.${count}`), "utf8")
      .split("\n")
      .slice(0, -1);
  };
  type(`${setUp}\r`);
  await ask("echo ready");
  return {
    // What is typed while a shell completes waits.
    complete: (line) => ask(`${line}\t${end}${beginning}printf '%s\\n' ${end}`),
    async [Symbol.asyncDispose]() {
      type(interrupt);
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

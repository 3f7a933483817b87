import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import type { Command } from "./command.ts";
import bash from "./completion/luakit.bash" with { type: "text" };
import fish from "./completion/luakit.fish" with { type: "text" };
import zsh from "./completion/luakit.zsh" with { type: "text" };

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish };

export const completion: Command = {
  name: "completion",
  summary: [
    "Print the script that completes commands, flags and their values in a shell.",
    "",
    "To install it for yourself, where no package of luakit has:",
    "",
    "bash, with the package bash-completion:",
    "  luakit completion bash > ~/.local/share/bash-completion/completions/luakit",
    "bash without it, in ~/.bashrc:",
    '  eval "$(luakit completion bash)"',
    "zsh:",
    "  luakit completion zsh > ~/.zfunc/_luakit",
    "  and in ~/.zshrc: fpath+=~/.zfunc; autoload -Uz compinit; compinit",
    "fish:",
    "  luakit completion fish > ~/.config/fish/completions/luakit.fish",
  ].join("\n"),
  operands: "bash|zsh|fish",
  maxOperands: 1,
  flags: {},
  examples: [
    { command: 'eval "$(luakit completion bash)"', doc: "For this session of bash" },
    { command: "source <(luakit completion zsh)", doc: "For this session of zsh, after compinit" },
    { command: "luakit completion fish | source", doc: "For this session of fish" },
  ],
  run({ positionals: [shell] }, terminal) {
    const known = Object.keys(scripts);
    if (shell === undefined)
      throw new LuakitError("usage", "completion: name the shell", { hint: `one of: ${known.join(", ")}` });
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined) {
      throw new LuakitError("usage", `completion: the shell "${shell}" is not known${didYouMean(shell, known)}`, {
        hint: `one of: ${known.join(", ")}`,
      });
    }
    terminal.out(script);
    return 0;
  },
};

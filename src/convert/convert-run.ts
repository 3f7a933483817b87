import { posix } from "node:path";
import type { Conversion } from "./conversion.ts";
import { inLocal, mkfile, optional } from "./convert-file-source.ts";
import { convertMounts } from "./convert-mount.ts";
import { contentOf, parseHeredoc } from "./heredoc.ts";
import { flagOf, type Instruction, refuse } from "./instruction.ts";
import { call, type Lua, list, literal, record, text } from "./lua.ts";
import { shellLines } from "./shell-lines.ts";
import { addCall, type Stage, shellOf } from "./stage.ts";

/** RUN: the command, and the flags as options. */
export function convertRun(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const { mounts, secretsEnv } = convertMounts(conversion, stage, instruction);
  const { command, script } = commandOf(conversion, stage, instruction);
  const options = record({
    mounts: listed([...mounts, ...(script === undefined ? [] : [script])]),
    secrets_env: secretsEnv.length === 0 ? undefined : { type: "table", entries: secretsEnv },
    network: networkOf(instruction),
    security: securityOf(instruction),
    devices: listed((instruction.flags.get("device") ?? []).map(deviceOf)),
  });
  addCall(stage, "run", command, ...optional(options));
}

function listed(items: readonly Lua[]): Lua | undefined {
  return items.length === 0 ? undefined : list(items);
}

function commandOf(conversion: Conversion, stage: Stage, instruction: Instruction): { command: Lua; script?: Lua } {
  const { heredocs, isList, words, rest } = instruction;
  if (isList) {
    if (words.length === 0) throw refuse("RUN: the command is empty");
    return { command: list(words.map(text)) };
  }
  const [document] = heredocs;
  if (document === undefined) return { command: commandText(stage, instruction) };
  if (parseHeredoc(rest) === undefined) {
    const documents = heredocs.map(({ name, content }) => `\n${content}${name}`);
    return { command: text(rest + documents.join("")) };
  }
  const content = contentOf(document);
  if (!content.startsWith("#!")) return { command: text(content) };
  const file = inLocal(
    conversion,
    stage,
    mkfile(text(`/${document.name}`), text(content), record({ mode: text("0755") })),
    "script",
  );
  return { command: list([text(`/dev/pipes/${document.name}`)]), script: call("bk.bind", file, text("/dev/pipes")) };
}

/** Shells that take a `\` at the end of a line as Dockerfiles do. */
const posixShells = new Set(["sh", "ash", "bash", "dash", "ksh", "mksh", "zsh"]);

/** A command of several lines keeps them, where a shell reads them as the Dockerfile does. */
function commandText(stage: Stage, { source, rest, flags }: Instruction): Lua {
  const [shell] = shellOf(stage) ?? [];
  if (shell?.type === "string" && !posixShells.has(posix.basename(shell.value))) return text(rest);
  const [first = "", ...more] = source.pieces;
  const start = first.replace(/^\s*\S+\s*/, "");
  const lines = flags.size === 0 ? shellLines([start, ...more]) : linesAfterFlags(source.pieces, rest);
  return lines === undefined ? text(rest) : { type: "lines", lines };
}

/** The lines from the one on where the command begins. */
function linesAfterFlags(pieces: readonly string[], rest: string): readonly string[] | undefined {
  for (let at = 0; at < pieces.length; at++) {
    const after = pieces.slice(at + 1).join("");
    const own = rest.endsWith(after.trimEnd()) ? rest.slice(0, rest.length - after.trimEnd().length) : "";
    if (own.trim() !== "" && (pieces[at] ?? "").trimEnd().endsWith(own.trimEnd())) {
      return shellLines([own, ...pieces.slice(at + 1)]);
    }
  }
  return undefined;
}

function networkOf(instruction: Instruction): Lua | undefined {
  const network = flagOf(instruction, "network");
  if (network === undefined || network === "default") return undefined;
  if (network === "none" || network === "host") return text(network);
  throw refuse(`RUN: --network is default, none or host, not "${network}"`);
}

function securityOf(instruction: Instruction): Lua | undefined {
  const security = flagOf(instruction, "security");
  if (security === undefined || security === "sandbox") return undefined;
  if (security === "insecure") return text(security);
  throw refuse(`RUN: --security is sandbox or insecure, not "${security}"`);
}

function deviceOf(flag: string): Lua {
  let name = "";
  let isRequired = false;
  for (const field of flag.split(",")) {
    const [, value = ""] = /^required(?:=(.*))?$/.exec(field) ?? [undefined, undefined];
    if (/^required(?:=|$)/.test(field)) isRequired = value === "" || /^(?:1|t|true)$/i.test(value);
    else name = field.replace(/^name=/, "");
  }
  return isRequired ? text(name) : record({ name: text(name), optional: literal(true) });
}

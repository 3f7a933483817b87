import { type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError, errorCode } from "../diagnostic/system-error.ts";
import type { SshSource } from "../session/ssh.ts";
import { parseBoolean } from "./attribute-checks.ts";
import type { FlagContext } from "./flag-context.ts";

const hint = "write default, or ID=SOCKET, or ID=KEY[,KEY]";

/**
 * Reads `--ssh` values: `default`, `ID`, `ID=SOCKET[,raw=true]` or `ID=KEY[,KEY]`. Without a path it is the agent of
 * SSH_AUTH_SOCK. Paths become absolute and must be there. Throws "usage".
 */
export function parseSsh(values: readonly string[], context: FlagContext): SshSource[] {
  const sources = values.map((value) => parseSource(value, context));
  const seen = new Set<string>();
  for (const { id } of sources) {
    if (seen.has(id)) throw new LuakitError("usage", `--ssh: the id "${id}" is given twice`);
    seen.add(id);
  }
  return sources;
}

function parseSource(value: string, context: FlagContext): SshSource {
  const equals = value.indexOf("=");
  const id = (equals < 0 ? value : value.slice(0, equals)) || "default";
  const parts = equals < 0 ? [] : value.slice(equals + 1).split(",");
  const paths = parts.filter((part) => part !== "" && !isRaw(part));
  const raw =
    parts
      .filter(isRaw)
      .map((part) => readRaw(id, part))
      .at(-1) ?? false;
  if (raw && paths.length !== 1) {
    throw new LuakitError("usage", `--ssh: "${id}": raw=true needs exactly one socket`, { hint });
  }
  if (paths.length === 0) return { id, socket: agentSocket(id, context), raw };
  const found = paths.map((path) => ({ path: resolve(context.cwd, path), stat: look(id, path, context) }));
  const sockets = found.filter(({ stat }) => stat.isSocket());
  const [socket] = sockets;
  if (socket === undefined) return keySource(id, raw, found);
  if (found.length === 1) return { id, socket: socket.path, raw };
  const what = sockets.length > 1 ? "several sockets" : "a socket and keys";
  throw new LuakitError("usage", `--ssh: "${id}" has ${what}`, { hint });
}

interface FoundPath {
  readonly path: string;
  readonly stat: Stats;
}

function keySource(id: string, raw: boolean, found: readonly FoundPath[]): SshSource {
  const directory = found.find(({ stat }) => stat.isDirectory());
  if (directory !== undefined) {
    throw new LuakitError("usage", `--ssh: "${id}": "${directory.path}" is a directory`, { hint });
  }
  if (!raw) return { id, keys: found.map(({ path }) => path) };
  throw new LuakitError("usage", `--ssh: "${id}": raw=true needs a socket, and "${found[0]?.path}" is none`, { hint });
}

function agentSocket(id: string, { variables, cwd }: FlagContext): string {
  const socket = variables.SSH_AUTH_SOCK;
  if (!socket) {
    throw new LuakitError("usage", `--ssh: "${id}": no ssh agent is running: SSH_AUTH_SOCK is not set`, {
      hint: `start one with eval "$(ssh-agent)", or name a key: --ssh ${id}=KEY`,
    });
  }
  look(id, socket, { cwd });
  return resolve(cwd, socket);
}

function isRaw(part: string): boolean {
  return part.startsWith("raw=");
}

function readRaw(id: string, part: string): boolean {
  const raw = parseBoolean(part.slice("raw=".length));
  if (raw !== undefined) return raw;
  throw new LuakitError("usage", `--ssh: "${id}": "${part}": expected true or false`);
}

function look(id: string, path: string, { cwd }: Pick<FlagContext, "cwd">): Stats {
  try {
    return statSync(resolve(cwd, path));
  } catch (error) {
    const why =
      errorCode(error) === "ENOENT"
        ? `there is no "${path}"`
        : `"${path}" cannot be used: ${describeSystemError(error)}`;
    throw new LuakitError("usage", `--ssh: "${id}": ${why}`, { hint, cause: error });
  }
}

import { statSync } from "node:fs";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { SSH } from "../gen/ssh.ts";
import type { ServerCall } from "../rpc/message-stream.ts";
import { metadataValue } from "../rpc/metadata.ts";
import { type Service, unary } from "../rpc/server.ts";
import { makeStatus, rpcError, statusCode, statusOf } from "../rpc/status.ts";
import { serveAgent } from "./ssh-agent.ts";
import { readSshKey } from "./ssh-key-file.ts";
import { openKeyring } from "./ssh-keyring.ts";
import { proxyAgent } from "./ssh-proxy.ts";
import { dialSocket, forwardBytes } from "./ssh-socket.ts";

/** What `--ssh id=path,path` gives: a socket, or private key files; without paths the agent of SSH_AUTH_SOCK. */
export interface SshSource {
  readonly id: string;
  readonly paths: readonly string[];
  /** Pass the bytes of one socket through untouched. */
  readonly raw?: boolean | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;
type Serve = (call: ServerCall) => Promise<void>;

const defaultId = "default";
const windowsAgent = "\\\\.\\pipe\\openssh-ssh-agent";

/**
 * `moby.sshforward.v1.SSH`. Sockets and keys are looked at now; a socket is connected to for each connection of a step.
 * Agents only list their keys and sign. Rejects with "ssh.agent", or "usage" for sources that do not go together.
 */
export async function ssh(sources: readonly SshSource[], variables: Variables): Promise<Service> {
  const agents = new Map<string, Serve>();
  for (const source of sources) {
    const id = source.id || defaultId;
    if (agents.has(id)) throw new LuakitError("usage", `two ssh agents have the id "${id}"`);
    agents.set(id, await openSource(source, id, variables));
  }
  const find = (id: string) => {
    const agent = agents.get(id || defaultId);
    if (agent !== undefined) return agent;
    throw rpcError(makeStatus(statusCode.unknown, `unset ssh forward key ${id || defaultId}`));
  };
  return [
    unary(SSH.CheckAgent, ({ ID }) => {
      find(ID);
      return {};
    }),
    [SSH.ForwardAgent.path, (call) => forward(call, find)],
  ];
}

/** gRPC's other side learns why there is no agent; a step only sees that its connection is closed. */
function forward(call: ServerCall, find: (id: string) => Serve): void {
  const fail = (error: unknown) => call.finish(statusOf(error) ?? makeStatus(statusCode.unknown, textOf(error)));
  try {
    find(metadataValue(call.metadata, "buildkit.ssh.id") ?? "")(call).catch(fail);
  } catch (error) {
    fail(error);
  }
}

function textOf(error: unknown): string {
  return error instanceof LuakitError ? error.message : "the ssh agent failed";
}

async function openSource({ paths, raw = false }: SshSource, id: string, variables: Variables): Promise<Serve> {
  const given = paths.filter((path) => path !== "");
  const all = given.length > 0 ? given : [agentOfEnvironment(id, variables)];
  const sockets = all.filter((path) => isSocket(path, id));
  const [socket] = sockets;
  if (raw && (socket === undefined || all.length > 1)) {
    throw mixed(id, "raw=true takes exactly one socket");
  }
  if (socket === undefined) return serveKeys(all);
  if (sockets.length > 1) throw mixed(id, "only one socket can be given");
  if (all.length > 1) throw mixed(id, "a socket and key files do not go together");
  if (raw) return async (call) => forwardBytes(call, await dialSocket(socket));
  return async (call) => serveAgent(call, proxyAgent(await dialSocket(socket), socket));
}

async function serveKeys(paths: readonly string[]): Promise<Serve> {
  const keys = await Promise.all(paths.map(readSshKey));
  return async (call) => serveAgent(call, openKeyring(keys));
}

function agentOfEnvironment(id: string, variables: Variables): string {
  const path = variables.SSH_AUTH_SOCK || (variables.OS === "Windows_NT" ? windowsAgent : "");
  if (path !== "") return path;
  throw new LuakitError("ssh.agent", `the ssh agent "${id}": SSH_AUTH_SOCK is not set`, {
    hint: `start ssh-agent, or name a key: --ssh ${id}=$HOME/.ssh/id_ed25519`,
  });
}

function isSocket(path: string, id: string): boolean {
  if (path.startsWith("\\\\.\\pipe\\")) return true;
  try {
    return statSync(path).isSocket();
  } catch (cause) {
    throw new LuakitError("ssh.agent", `the ssh agent "${id}": there is no ${path}`, { cause });
  }
}

function mixed(id: string, why: string): LuakitError {
  return new LuakitError("usage", `the ssh agent "${id}": ${why}`);
}

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

/** What the steps of a build reach under an id: an agent's socket, or an agent of our own that has keys. */
export type SshSource = { readonly id: string } & (
  | {
      readonly socket: string;
      /** Bytes pass untouched, whatever the protocol; else only what an agent may be asked for. */
      readonly raw: boolean;
    }
  | {
      /** Files of private keys without a passphrase. */
      readonly keys: readonly string[];
    }
);

type Serve = (call: ServerCall) => Promise<void>;

const defaultId = "default";

/**
 * `moby.sshforward.v1.SSH`. Keys are read now; a socket is connected to for each connection that a step makes. Agents
 * only list their keys and sign. Rejects with "ssh.agent" for a key that cannot be used, "usage" for a second same id.
 */
export async function ssh(sources: readonly SshSource[]): Promise<Service> {
  const agents = new Map<string, Serve>();
  for (const source of sources) {
    const id = source.id || defaultId;
    if (agents.has(id)) throw new LuakitError("usage", `two ssh agents have the id "${id}"`);
    agents.set(id, await openSource(source));
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

async function openSource(source: SshSource): Promise<Serve> {
  if ("keys" in source) {
    const keys = await Promise.all(source.keys.map(readSshKey));
    return async (call) => serveAgent(call, openKeyring(keys));
  }
  const { socket, raw } = source;
  if (raw) return async (call) => forwardBytes(call, await dialSocket(socket));
  return async (call) => serveAgent(call, proxyAgent(await dialSocket(socket), socket));
}

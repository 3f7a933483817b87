import type { AgentConnection } from "./ssh-agent.ts";
import type { SshKey } from "./ssh-key.ts";
import { agentFailure, agentMessage, makeMessage, typeOfMessage } from "./ssh-message.ts";
import { SshReader, sshBytes } from "./ssh-wire.ts";

/** An agent that holds these keys and nothing else can be done to. */
export function openKeyring(keys: readonly SshKey[]): AgentConnection {
  return {
    answer: async (request) => {
      const type = typeOfMessage(request);
      if (type === agentMessage.requestIdentities) return makeMessage(agentMessage.identities, listKeys(keys));
      if (type !== agentMessage.signRequest) return agentFailure;
      const reader = new SshReader(request.subarray(5));
      const [blob, data, flags] = [reader.data(), reader.data(), reader.uint32()];
      const key = keys.find((candidate) => Buffer.from(blob).equals(candidate.blob));
      if (key === undefined) return agentFailure;
      return makeMessage(agentMessage.signResponse, sshBytes(await key.sign(data, flags)));
    },
    close: () => undefined,
  };
}

function listKeys(keys: readonly SshKey[]): Uint8Array {
  return sshBytes(keys.length, ...keys.flatMap(({ blob, comment }) => [blob, comment]));
}

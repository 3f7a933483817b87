import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import type { AgentConnection } from "./ssh-agent.ts";
import { agentFailure, agentMessage, MessageSplitter, typeOfMessage } from "./ssh-message.ts";

/** Which answer each request may have that is passed on; the keys of the agent stay what they are. */
const allowed = new Map<number, number>([
  [agentMessage.requestIdentities, agentMessage.identities],
  [agentMessage.signRequest, agentMessage.signResponse],
]);

/**
 * Talks to the agent behind a connection. It may be asked for its keys and for signatures; adding and removing keys,
 * locking and extensions are answered with a failure and never reach it.
 */
export function proxyAgent(connection: ByteStream, path: string): AgentConnection {
  const splitter = new MessageSplitter();
  const gone = new LuakitError("ssh.agent", `the ssh agent at ${path} closed the connection`);
  let answered: PromiseWithResolvers<Uint8Array> | undefined;
  let over = false;
  const stop = () => {
    over = true;
    answered?.reject(gone);
    connection.destroy();
  };
  connection.start({
    data: (bytes) => {
      try {
        for (const message of splitter.push(bytes)) answered?.resolve(message);
      } catch {
        // Whatever this is, it does not speak the protocol.
        stop();
      }
    },
    drain: () => undefined,
    end: stop,
    close: stop,
  });
  return {
    answer: async (request) => {
      const expected = allowed.get(typeOfMessage(request));
      if (expected === undefined) return agentFailure;
      if (over) throw gone;
      answered = Promise.withResolvers();
      connection.write(request);
      const answer = await answered.promise;
      return typeOfMessage(answer) === expected ? answer : agentFailure;
    },
    close: () => connection.destroy(),
  };
}

import { LuakitError } from "../diagnostic/luakit-error.ts";
import { SSH } from "../gen/ssh.ts";
import type { ServerCall } from "../rpc/message-stream.ts";
import { makeStatus, statusCode } from "../rpc/status.ts";
import { bytesField } from "./bytes-field.ts";
import { MessageSplitter } from "./ssh-message.ts";

/** One connection to something that speaks the ssh-agent protocol; messages have their length in front. */
export interface AgentConnection {
  /** Called with one message at a time. A rejection ends the connection. */
  answer(request: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

/** How many requests may wait for their answers. */
const mostWaiting = 16;

/** Answers what arrives on a ForwardAgent call, in order, until the daemon half-closes. */
export function serveAgent(call: ServerCall, agent: AgentConnection): void {
  const splitter = new MessageSplitter();
  const waiting: Uint8Array[] = [];
  let busy = false;
  let ended = false;
  let over = false;
  const finish = (error?: unknown) => {
    if (over) return;
    over = true;
    agent.close();
    call.finish(error === undefined ? undefined : makeStatus(statusCode.unknown, messageOf(error)));
  };
  const work = async () => {
    if (busy) return;
    busy = true;
    for (let request = waiting.shift(); request !== undefined && !over; request = waiting.shift()) {
      const answer = await agent.answer(request);
      if (over) return;
      call.send(bytesField(1, answer.length), answer);
      if (waiting.length === mostWaiting - 1) call.resume();
    }
    busy = false;
    if (ended) finish();
  };
  call.start({
    message: (bytes) => {
      try {
        waiting.push(...splitter.push(SSH.ForwardAgent.request.decode(bytes).data));
      } catch (error) {
        return finish(error);
      }
      if (waiting.length >= mostWaiting) call.pause();
      work().catch(finish);
    },
    end: () => {
      ended = true;
      if (!busy) finish();
    },
    cancel: () => {
      over = true;
      agent.close();
    },
  });
}

function messageOf(error: unknown): string {
  return error instanceof LuakitError || error instanceof RangeError ? error.message : "the ssh agent failed";
}

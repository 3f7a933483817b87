import { compileLua } from "../lua/glue.ts";
import { encodeFrame, readFrame, writeFrame } from "./frame.ts";
import { type Order, type Report, toErrorData } from "./message.ts";
import type { Answer, Question } from "./question.ts";
import { runFile } from "./run-file.ts";

const orders = 0;
const reports = 1;

/**
 * A process that runs test files, one after the other, and says what comes of them. It waits for the answers of the
 * daemon, which its parent talks to, without its event loop: a script in the middle of a call cannot be left.
 */
export async function serveTests(): Promise<number> {
  // The event loop, which would see to it, has no turn from here on.
  Bun.unsafe.setJITPolicy(1);
  const module = await compileLua();
  const report = (said: Report) => writeFrame(reports, said);
  const ask = (question: Question): Answer => {
    report({ kind: "ask", question });
    const order = nextOrder();
    if (order?.kind !== "answer") throw new Error("there is no answer");
    return order.answer;
  };
  const lastWords = (error: Parameters<typeof toErrorData>[0]) => ({
    bytes: encodeFrame({ kind: "gone", error: toErrorData(error) } satisfies Report),
    descriptor: reports,
    linger: 0,
  });
  for (let order = nextOrder(); order !== undefined; order = nextOrder()) {
    if (order.kind === "file") runFile(order.job, { module, report, ask, lastWords });
  }
  return 0;
}

function nextOrder(): Order | undefined {
  // The parent is this same program, so that the types are known.
  return readFrame(orders) as Order | undefined;
}

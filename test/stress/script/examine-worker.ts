import { examine, type Question } from "./examine.ts";

/** Started by examine-pool.ts: examines scripts that come as messages, one after the other. */
process.on("message", async (question: Question) => {
  process.send?.(await examine(question));
});

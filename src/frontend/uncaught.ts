import { writeSync } from "node:fs";
import { encodeLastReturn } from "../gateway/last-return.ts";
import { toStatus } from "./failure.ts";

/** What a busy daemon may take to read it. */
const linger = 500;

/** An error that nothing caught, which is a bug, is returned to the daemon too, over stdout, and ends the process. */
export function returnUncaught(): void {
  const give = (error: unknown) => {
    try {
      writeSync(1, encodeLastReturn(toStatus(error)));
      Bun.sleepSync(linger);
    } finally {
      process.exit(1);
    }
  };
  process.on("uncaughtException", give);
  process.on("unhandledRejection", give);
}

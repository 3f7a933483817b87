import { encodeLastReturn } from "../gateway/last-return.ts";
import type { EvaluateOptions } from "../script/evaluate.ts";
import { defaultTimeLimit, parseTimeLimit } from "../script/time-limit.ts";
import { toStatus } from "./failure.ts";

/** The build argument that gives a script more time, or less. Clients such as Docker's have no other way to say it. */
export const timeLimitArgument = "LUAKIT_TIMEOUT";

const memoryLimit = 512 * 1024 * 1024;
/** What a busy daemon may take to read the last words. */
const linger = 500;

/** What a script may use, and how the client hears of one that only the end of this process can stop. */
export function scriptLimits(
  buildArguments: ReadonlyMap<string, string>,
): Pick<EvaluateOptions, "limits" | "lastWords"> {
  const text = buildArguments.get(timeLimitArgument);
  const time = text === undefined ? defaultTimeLimit : parseTimeLimit(`build argument ${timeLimitArgument}`, text);
  return {
    limits: { memory: memoryLimit, time },
    lastWords: (error) => ({ bytes: encodeLastReturn(toStatus(error)), descriptor: 1, linger }),
  };
}

import { expect, test } from "bun:test";
import { join } from "node:path";
import { startFrontend } from "../support/frontend-process.ts";

const source = join(import.meta.dir, "../../src/frontend");

function program(bug: string): readonly string[] {
  const text = `
    const { returnUncaught } = await import("${source}/uncaught.ts");
    const { StdioStream } = await import("${source}/stdio-stream.ts");
    const { openChannel } = await import("${source}/../rpc/channel.ts");
    returnUncaught();
    openChannel(new StdioStream());
    ${bug}`;
  return [process.execPath, "-e", text];
}

test.concurrent.each([
  ["thrown in a callback", 'setTimeout(() => { throw new TypeError("oh no") }, 10)'],
  ["a rejection that nobody handles", 'Promise.reject(new TypeError("oh no"))'],
])(
  "the client hears of a bug: %s",
  async (_, bug) => {
    const frontend = startFrontend({ program: program(bug) });
    expect(await frontend.ended).toEqual({ exitCode: 1, stderr: "" });
    expect(frontend.returned).toMatchObject([{ error: { code: 13, message: "luakit has a bug: TypeError: oh no" } }]);
  },
  30_000,
);

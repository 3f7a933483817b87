import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { Control } from "../../src/gen/control.ts";
import { LLBBridge } from "../../src/gen/gateway.ts";
import type { ServerCall } from "../../src/rpc/message-stream.ts";
import { serve, unary } from "../../src/rpc/server.ts";
import { makeStatus } from "../../src/rpc/status.ts";
import { listen } from "../h2/socket.ts";
import { inDirectory } from "../support/build.ts";
import { endAt, type StageEnd } from "../support/stage.ts";

setDefaultTimeout(30_000);

/** A build on a daemon that takes everything and answers nothing, until `lose` does something to its session. */
function loseSession(lose: (session: ServerCall) => void): Promise<StageEnd> {
  return inDirectory(async (directory) => {
    let session: ServerCall | undefined;
    let isSolving = false;
    const path = join(directory, "socket");
    const { stop } = listen((bytes) => {
      serve(bytes, [
        [
          unary(Control.ListWorkers, () => ({ record: [] })),
          [
            Control.Session.path,
            (call) => {
              session = call;
              call.start({ message() {}, end() {}, cancel() {} });
            },
          ],
          unary(Control.Solve, () => {
            isSolving = true;
            return new Promise(() => {});
          }),
          unary(Control.Status, () => new Promise(() => {})),
          unary(LLBBridge.Ping, () => new Promise(() => {})),
        ],
      ]);
    }, path);
    try {
      const stage = {
        script: 'bk.export(bk.scratch():mkfile("/x", "x"))',
        flags: ["-o", "type=tar,dest=x.tar"],
        daemon: ["--addr", `unix://${path}`],
        reached: (running: { until(isSo: () => boolean): Promise<void> }) =>
          running.until(() => isSolving && session !== undefined),
      };
      return await endAt(stage, () => session && lose(session));
    } finally {
      stop();
    }
  });
}

test.each([
  ["ends", (session: ServerCall) => session.finish(), "the session with the daemon broke: the daemon ended it"],
  [
    "fails",
    (session: ServerCall) => session.finish(makeStatus(14, "no more sessions")),
    "the session with the daemon broke: no more sessions",
  ],
])("a session that %s in the middle of a build ends it", async (_, lose, text) => {
  const end = await loseSession(lose);
  expect(end).toMatchObject({ exitCode: 125, left: [] });
  expect(end.stderr).toContain(`error: ${text}`);
  expect(end.delay).toBeLessThan(8000);
});

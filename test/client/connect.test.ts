import { expect, test } from "bun:test";
import { join } from "node:path";
import { connect } from "../../src/client/connect.ts";
import { listWorkers } from "../../src/client/workers.ts";
import { parseAddress } from "../../src/rpc/address.ts";
import { rejectionOf } from "../image/failure.ts";
import { inFlagDirectory } from "./flags.ts";
import { hostOf } from "./host.ts";

test("the time to connect is also that of a daemon that takes the connection and says nothing", async () => {
  await inFlagDirectory({}, async ({ cwd }) => {
    const unix = join(cwd, "silent.sock");
    const server = Bun.listen({ unix, socket: { data: () => {} } });
    try {
      const daemon = { address: parseAddress(`unix://${unix}`), source: "--addr", tls: undefined };
      const { channel } = await connect(daemon, hostOf(cwd), { timeout: 200 });
      const { code, message } = await rejectionOf(listWorkers(channel, []));
      expect([code, message]).toEqual(["daemon.unreachable", expect.stringContaining("says nothing for 0.2 s")]);
    } finally {
      server.stop(true);
    }
  });
});

import { expect, test } from "bun:test";
import { encodeLastReturn } from "../../src/gateway/last-return.ts";
import { LLBBridge, type ReturnRequest } from "../../src/gen/gateway.ts";
import { openChannel } from "../../src/rpc/channel.ts";
import { serve, unary } from "../../src/rpc/server.ts";
import { noSource } from "../../src/rpc/source-detail.ts";
import { bytePair } from "../rpc/byte-pair.ts";

test("a server takes it among the calls of a connection, whatever was said before", async () => {
  const [client, bytes] = bytePair();
  const received: ReturnRequest[] = [];
  const returned = Promise.withResolvers<void>();
  const service = [
    unary(LLBBridge.Ping, () => ({})),
    unary(LLBBridge.Return, (request) => {
      received.push(request);
      returned.resolve();
      return {};
    }),
  ];
  serve(bytes, [service]);
  const channel = openChannel(client);
  // What the tables of both ends hold then must not matter.
  for (let call = 0; call < 3; call++) {
    await channel.unary(LLBBridge.Ping, {}, { metadata: [[`x-${call}`, "value"]] });
  }
  client.write(encodeLastReturn({ code: 2, message: "the script ran for more than 30 s", details: [noSource] }));
  await returned.promise;
  expect(received).toMatchObject([
    { error: { code: 2, message: "the script ran for more than 30 s", details: [{ type_url: noSource.type }] } },
  ]);
});

test("it stays small enough to be written at once", () => {
  const value = new Uint8Array(100_000);
  const bytes = encodeLastReturn({ code: 2, message: "é".repeat(100_000), details: [{ type: "large", value }] });
  expect(bytes.length).toBeLessThan(4400);
  expect(bytes.length).toBeGreaterThan(4000);
});

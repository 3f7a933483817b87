import { expect, test } from "bun:test";
import { decodeLogs } from "../../src/client/history-logs.ts";
import { StatusResponse } from "../../src/gen/control.ts";

function framed(...names: readonly string[]): Uint8Array {
  return Buffer.concat(
    names.map((name) => {
      const message = StatusResponse.encode({ vertexes: [{ name }] });
      const size = new Uint8Array(4);
      new DataView(size.buffer).setUint32(0, message.length, true);
      return Buffer.concat([size, message]);
    }),
  );
}

async function namesIn(parts: readonly Uint8Array[]): Promise<string[]> {
  const names: string[] = [];
  const stream = (async function* () {
    yield* parts;
  })();
  for await (const { vertexes } of decodeLogs(stream)) names.push(...vertexes.map(({ name }) => name));
  return names;
}

test("messages are found wherever the parts are cut", async () => {
  const bytes = framed("one", "two", "", "x".repeat(1000));
  const expected = ["one", "two", "", "x".repeat(1000)];
  expect(await namesIn([bytes])).toEqual(expected);
  expect(await namesIn([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  for (let cut = 0; cut <= 20; cut++)
    expect(await namesIn([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
});

test("a message that is cut short at the end is left out", async () => {
  const bytes = framed("one", "two");
  expect(await namesIn([bytes.subarray(0, -1)])).toEqual(["one"]);
  expect(await namesIn([])).toEqual([]);
});

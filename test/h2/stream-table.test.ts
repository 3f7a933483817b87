import { expect, test } from "bun:test";
import { openConnection } from "../../src/h2/connection.ts";
import { get, openServer } from "./client-and-peer.ts";
import { openPair } from "./pair.ts";
import { RawPeer, settle } from "./raw-peer.ts";

test("what became of streams is remembered for the latest thousand", async () => {
  const { peer } = await openServer();
  for (let id = 1; id < 2400; id += 2) {
    peer.sendRequest(id);
    peer.sendReset(id, 8);
  }
  peer.sendData(2399, "x");
  peer.sendData(1, "x");
  await settle();
  expect([peer.resets(2399), peer.resets(1)]).toEqual([[5], [5]]);
  expect(peer.goaway).toBeUndefined();
  peer.sendHeaders(3, get);
  await settle();
  expect(peer.goaway).toMatchObject({ code: 1, text: "HEADERS on a wrong stream" });
});

test("a server without onStream refuses every request", async () => {
  const { left, right } = openPair();
  openConnection(right, { role: "server" });
  const peer = new RawPeer(left, "client");
  peer.sendSettings();
  peer.sendRequest(1);
  await settle();
  expect(peer.resets(1)).toEqual([7]);
});

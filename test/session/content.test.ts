import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Content, type WriteContentRequest, type WriteContentResponse } from "../../src/gen/content.ts";
import { content } from "../../src/session/content.ts";
import { ContentStore } from "../../src/session/content-store.ts";
import type { Init } from "../../src/wire/codec.ts";
import { rejectionOf } from "../image/failure.ts";
import { openCaller, openTalk } from "./caller.ts";

setDefaultTimeout(30_000);

let root = "";
const large = crypto.getRandomValues(new Uint8Array(65_536));

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-content-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const digestOf = (bytes: Uint8Array | string) => `sha256:${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}`;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const metadata = [["buildkit-attachable-store-id", "export"]] as const;
const stat = 0;
const write = 1;
const commit = 2;

/** A store under the id `export` with some blobs. */
function open(blobs: readonly (string | Uint8Array)[] = [], mode: "read" | "write" = "write") {
  const directory = mkdtempSync(join(root, "store-"));
  for (const blob of blobs) {
    mkdirSync(join(directory, "blobs/sha256"), { recursive: true });
    writeFileSync(join(directory, "blobs/sha256", digestOf(blob).slice(7)), blob);
  }
  const store = new ContentStore(directory, mode);
  return { directory, store, channel: openCaller(content(new Map([["export", store]]))) };
}

type Opened = ReturnType<typeof open>;

async function read({ channel }: Opened, digest: string, offset = 0, size = 0) {
  const chunks: { readonly offset: number; readonly data: Uint8Array }[] = [];
  for await (const chunk of channel.stream(Content.Read, { digest, offset, size }, { metadata })) chunks.push(chunk);
  return { chunks, data: Buffer.concat(chunks.map((chunk) => chunk.data)) };
}

/** One Write call: each request has one response. */
function openWrite({ channel }: Opened) {
  const talk = openTalk(channel, Content.Write.path, metadata);
  return {
    status: talk.status,
    end: () => talk.end(),
    async ask(request: Init<WriteContentRequest>): Promise<WriteContentResponse> {
      talk.send(Content.Write.request.encode(request));
      return Content.Write.response.decode(await talk.receive());
    },
    send: (request: Init<WriteContentRequest>) => talk.send(Content.Write.request.encode(request)),
  };
}

const blobsOf = ({ directory }: Opened) =>
  existsSync(join(directory, "blobs/sha256")) ? readdirSync(join(directory, "blobs/sha256")) : [];

describe("a store", () => {
  test("is chosen by the metadata", async () => {
    const { channel } = open(["a"]);
    const digest = digestOf("a");
    const none = await rejectionOf(channel.unary(Content.Info, { digest }));
    expect(none.code).toBe("rpc.invalid-argument");
    const other = [["buildkit-attachable-store-id", "other"]] as const;
    const unknown = await rejectionOf(channel.unary(Content.Info, { digest }, { metadata: other }));
    expect(unknown.code).toBe("rpc.not-found");
    expect((await openTalk(channel, Content.Read.path, other).status).code).toBe(5);
    expect((await openTalk(channel, Content.Write.path).status).code).toBe(3);
  });
});

describe("Info", () => {
  test("of a blob", async () => {
    const { channel } = open(["hello"]);
    const { info } = await channel.unary(Content.Info, { digest: digestOf("hello") }, { metadata });
    expect(info).toMatchObject({ digest: digestOf("hello"), size: 5, labels: {} });
    expect(Math.abs((info?.created_at?.seconds ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    const update = { info: { digest: digestOf("hello"), labels: { a: "b" } } };
    expect((await channel.unary(Content.Update, update, { metadata })).info).toMatchObject({ size: 5 });
  });

  test("of what is not there or no digest", async () => {
    const { channel } = open();
    const code = async (digest: string) =>
      (await rejectionOf(channel.unary(Content.Info, { digest }, { metadata }))).code;
    expect(await code(digestOf("hello"))).toBe("rpc.not-found");
    for (const digest of ["", "sha256:", "sha256:../../../etc/passwd", "md5:aa", `sha256:${"A".repeat(64)}`]) {
      expect(await code(digest)).toBe("rpc.invalid-argument");
    }
  });
});

test("List gives every blob, a hundred at a time", async () => {
  const blobs = Array.from({ length: 250 }, (_, index) => `blob ${index}`);
  const { channel, directory } = open(blobs);
  writeFileSync(join(directory, "blobs/sha256/not-a-digest"), "x");
  mkdirSync(join(directory, "blobs/odd"));
  const messages: number[] = [];
  const digests: string[] = [];
  for await (const { info } of channel.stream(Content.List, {}, { metadata })) {
    messages.push(info.length);
    digests.push(...info.map(({ digest }) => digest));
  }
  expect(messages).toEqual([100, 100, 50]);
  expect(digests.sort()).toEqual(blobs.map(digestOf).sort());
});

describe("Read", () => {
  test.each([
    [0, 0, "hello world"],
    [0, -1, "hello world"],
    [6, 0, "world"],
    [0, 5, "hello"],
    [6, 2, "wo"],
    [6, 100, "world"],
    [11, 0, ""],
    [11, 5, ""],
    [-3, 5, "hello"],
  ])("from %d, %d bytes", async (offset, size, expected) => {
    expect((await read(open(["hello world"]), digestOf("hello world"), offset, size)).data.toString()).toBe(expected);
  });

  test("of a large blob comes in pieces with their offsets", async () => {
    const blob = Buffer.concat(Array.from({ length: 80 }, () => large));
    const { chunks, data } = await read(open([blob]), digestOf(blob), 1000);
    expect(data.equals(blob.subarray(1000))).toBe(true);
    expect(chunks.map(({ offset }) => offset)).toEqual([1000, 1049576, 2098152, 3146728, 4195304]);
  });

  test("of many ranges at once", async () => {
    const blob = Buffer.concat(Array.from({ length: 40 }, () => large));
    const opened = open([blob]);
    const offsets = Array.from({ length: 64 }, (_, index) => index * 40_000);
    const parts = await Promise.all(offsets.map((offset) => read(opened, digestOf(blob), offset, 40_000)));
    for (const [index, { data }] of parts.entries()) {
      expect(data.equals(blob.subarray(index * 40_000, (index + 1) * 40_000))).toBe(true);
    }
  });

  test("beyond the end is OutOfRange, of nothing NotFound", async () => {
    const opened = open(["hello"]);
    expect((await rejectionOf(read(opened, digestOf("hello"), 6))).code).toBe("rpc.out-of-range");
    expect((await rejectionOf(read(opened, digestOf("other")))).code).toBe("rpc.not-found");
  });

  test("that the daemon cancels leaves no file open", async () => {
    const blob = Buffer.concat(Array.from({ length: 800 }, () => large));
    const { channel, directory } = open([blob]);
    for (let round = 0; round < 20; round++) {
      for await (const _ of channel.stream(Content.Read, { digest: digestOf(blob) }, { metadata })) break;
    }
    await Bun.sleep(100);
    const held = readdirSync("/proc/self/fd").filter((fd) => {
      return Bun.spawnSync(["readlink", `/proc/${process.pid}/fd/${fd}`]).stdout.includes(directory);
    });
    expect(held).toEqual([]);
  });
});

describe("Write", () => {
  test("as the daemon does it: stat, pieces, commit", async () => {
    const opened = open();
    const call = openWrite(opened);
    const expected = digestOf("hello world");
    const first = await call.ask({ action: stat, ref: "r", total: 11, expected });
    expect(first).toMatchObject({ action: stat, offset: 0, total: 11, digest: digestOf("") });
    expect(await call.ask({ action: write, offset: 0, data: bytesOf("hello ") })).toMatchObject({ offset: 6 });
    expect(await call.ask({ action: write, offset: 6, data: bytesOf("world") })).toMatchObject({ offset: 11 });
    const last = await call.ask({ action: commit, offset: 11, total: 11, expected });
    expect(last).toMatchObject({ action: commit, offset: 11, digest: expected });
    expect((await call.status).code).toBe(0);
    const path = join(opened.directory, "blobs/sha256", expected.slice(7));
    expect(readFileSync(path, "utf8")).toBe("hello world");
    expect(statSync(path).mode & 0o777).toBe(0o444);
    opened.store.close();
    expect(readdirSync(opened.directory)).toEqual(["blobs"]);
  });

  test("all in one commit, without an expected digest", async () => {
    const opened = open();
    const call = openWrite(opened);
    expect(await call.ask({ action: commit, ref: "r", data: bytesOf("x") })).toMatchObject({ digest: digestOf("x") });
    expect(blobsOf(opened)).toEqual([digestOf("x").slice(7)]);
  });

  test("of an empty blob", async () => {
    const opened = open();
    const call = openWrite(opened);
    await call.ask({ action: stat, ref: "r" });
    expect(await call.ask({ action: commit, expected: digestOf("") })).toMatchObject({ offset: 0 });
    expect(blobsOf(opened)).toEqual([digestOf("").slice(7)]);
  });

  test("with SHA-512", async () => {
    const opened = open();
    const expected = `sha512:${new Bun.CryptoHasher("sha512").update("x").digest("hex")}`;
    await openWrite(opened).ask({ action: commit, ref: "r", expected, data: bytesOf("x") });
    expect(readdirSync(join(opened.directory, "blobs/sha512"))).toEqual([expected.slice(7)]);
  });

  test("starts again at offset 0", async () => {
    const opened = open();
    const call = openWrite(opened);
    await call.ask({ action: write, ref: "r", data: bytesOf("wrong start") });
    expect(await call.ask({ action: write, offset: 0, data: bytesOf("ab") })).toMatchObject({ offset: 2 });
    await call.ask({ action: commit, offset: 2, data: bytesOf("c"), total: 3, expected: digestOf("abc") });
    expect(blobsOf(opened)).toEqual([digestOf("abc").slice(7)]);
  });

  test("goes on in another call with the same ref", async () => {
    const opened = open();
    const first = openWrite(opened);
    await first.ask({ action: write, ref: "r", data: bytesOf("ab") });
    first.end();
    expect((await first.status).code).toBe(0);
    const status = await opened.channel.unary(Content.Status, { ref: "r" }, { metadata });
    expect(status.status).toMatchObject({ ref: "r", offset: 2 });
    const second = openWrite(opened);
    expect(await second.ask({ action: stat, ref: "r" })).toMatchObject({ offset: 2, digest: digestOf("ab") });
    await second.ask({ action: commit, offset: 2, data: bytesOf("c"), expected: digestOf("abc") });
    expect(blobsOf(opened)).toEqual([digestOf("abc").slice(7)]);
  });

  test("by two under one ref: the second is told to wait", async () => {
    const opened = open();
    const first = openWrite(opened);
    await first.ask({ action: stat, ref: "r" });
    const second = openWrite(opened);
    second.send({ action: stat, ref: "r" });
    expect((await second.status).code).toBe(14);
    await first.ask({ action: commit, data: bytesOf("x") });
    await openWrite(opened).ask({ action: commit, ref: "r", data: bytesOf("y") });
    expect(blobsOf(opened)).toHaveLength(2);
  });

  test.each<[string, Init<WriteContentRequest>, number]>([
    ["without a ref", { action: stat }, 3],
    ["of a blob that is there", { action: stat, ref: "r", expected: digestOf("old") }, 6],
    ["of what turns out to be there", { action: commit, ref: "r", data: bytesOf("old") }, 6],
    ["at another offset", { action: write, ref: "r", offset: 5, data: bytesOf("x") }, 11],
    ["with another digest", { action: commit, ref: "r", data: bytesOf("x"), expected: digestOf("y") }, 9],
    ["with another size", { action: commit, ref: "r", data: bytesOf("x"), total: 2 }, 9],
    ["of what is no digest", { action: stat, ref: "r", expected: "sha256:../../x" }, 3],
  ])("%s is refused", async (_, request, code) => {
    const opened = open(["old"]);
    const call = openWrite(opened);
    call.send(request);
    expect((await call.status).code).toBe(code);
    expect(blobsOf(opened)).toEqual([digestOf("old").slice(7)]);
  });

  test("to a store that is only read is refused", async () => {
    const call = openWrite(open([], "read"));
    call.send({ action: stat, ref: "r" });
    expect((await call.status).code).toBe(7);
  });

  test("can be aborted", async () => {
    const opened = open();
    const call = openWrite(opened);
    await call.ask({ action: write, ref: "r", data: bytesOf("ab") });
    call.end();
    await call.status;
    expect((await opened.channel.unary(Content.ListStatuses, {}, { metadata })).statuses).toHaveLength(1);
    await opened.channel.unary(Content.Abort, { ref: "r" }, { metadata });
    expect((await opened.channel.unary(Content.ListStatuses, {}, { metadata })).statuses).toEqual([]);
    const again = await rejectionOf(opened.channel.unary(Content.Abort, { ref: "r" }, { metadata }));
    expect(again.code).toBe("rpc.not-found");
    expect(readdirSync(join(opened.directory, "ingest"))).toEqual([]);
  });

  test("of damaged messages is refused", async () => {
    const { channel } = open();
    const talk = openTalk(channel, Content.Write.path, metadata);
    talk.send(Uint8Array.of(0x12, 99));
    expect((await talk.status).code).toBe(2);
  });

  test("of much does not keep it in memory", async () => {
    const opened = open();
    const call = openWrite(opened);
    const piece = Buffer.concat(Array.from({ length: 128 }, () => large));
    const before = process.memoryUsage.rss();
    await call.ask({ action: stat, ref: "r" });
    const hash = new Bun.CryptoHasher("sha256");
    for (let index = 0; index < 40; index++) {
      hash.update(piece);
      await call.ask({ action: write, offset: index * piece.length, data: piece });
      // What is garbage counts only once it could have been collected.
      if (index % 10 === 9) Bun.gc(true);
    }
    await call.ask({ action: commit, offset: 40 * piece.length, expected: `sha256:${hash.digest("hex")}` });
    expect(process.memoryUsage.rss() - before).toBeLessThan(250 * 1024 * 1024);
    rmSync(opened.directory, { recursive: true });
  });
});

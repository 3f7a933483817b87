import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContentStore } from "../../src/session/content-store.ts";
import { failureOf } from "../image/failure.ts";

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-store-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const digestOf = (text: string) => `sha256:${new Bun.CryptoHasher("sha256").update(text).digest("hex")}`;
const fresh = () => mkdtempSync(join(root, "dir-"));

function put(store: ContentStore, text: string): void {
  const ingest = store.open(text, "");
  ingest.write(new TextEncoder().encode(text));
  store.commit(ingest, 0, "");
}

describe("what was written", () => {
  test("makes its directories, and none before", () => {
    const directory = join(fresh(), "a", "b");
    const store = new ContentStore(directory, "write");
    expect(store.find(digestOf("x"))).toBeUndefined();
    expect([...store.list()]).toEqual([]);
    expect(existsSync(directory)).toBe(false);
    put(store, "x");
    store.close();
    expect(store.get(digestOf("x")).size).toBe(1);
  });

  test("goes when it is discarded, and what was there stays", () => {
    const parent = fresh();
    const directory = join(parent, "a", "b");
    const first = new ContentStore(directory, "write");
    put(first, "old");
    first.close();
    const second = new ContentStore(directory, "write");
    put(second, "new");
    second.open("unfinished", "").write(Uint8Array.of(1));
    second.discard();
    expect([...second.list()].map(({ digest }) => digest)).toEqual([digestOf("old")]);
    expect(readdirSync(directory)).toEqual(["blobs"]);
    first.discard();
    expect(readdirSync(parent)).toEqual([]);
  });

  test("by a build that was killed goes a day later, and nothing else does", () => {
    const [directory, other] = [fresh(), fresh()];
    const begin = (name: string, hours: number) => {
      writeFileSync(join(directory, "ingest", name), "x");
      const time = new Date(Date.now() - hours * 3_600_000);
      utimesSync(join(directory, "ingest", name), time, time);
    };
    mkdirSync(join(directory, "ingest"));
    const [old, young] = [crypto.randomUUID(), crypto.randomUUID()];
    begin(old, 25);
    begin(young, 23);
    begin("mine", 25);
    new ContentStore(directory, "read").close();
    expect(readdirSync(join(directory, "ingest")).toSorted()).toEqual([old, young, "mine"].toSorted());
    new ContentStore(directory, "write").close();
    expect(readdirSync(join(directory, "ingest")).toSorted()).toEqual([young, "mine"].toSorted());
    rmSync(join(directory, "ingest/mine"));
    begin(young, 25);
    symlinkSync(join(directory, "ingest"), join(other, "ingest"));
    new ContentStore(other, "write").close();
    expect(readdirSync(join(directory, "ingest"))).toEqual([young]);
    new ContentStore(directory, "write").close();
    expect(readdirSync(directory)).toEqual([]);
    mkdirSync(join(directory, "ingest"));
    new ContentStore(directory, "write").close();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("leaves no directory when nothing of it counts, and nothing is written behind the end", () => {
    const parent = fresh();
    const store = new ContentStore(join(parent, "a", "b"), "write");
    const ingest = store.open("unfinished", "");
    ingest.write(Uint8Array.of(1));
    store.close();
    expect(readdirSync(parent)).toEqual([]);
    expect(failureOf(() => store.open("late", "")).code).toBe("rpc.unavailable");
    expect(() => store.commit(ingest, 0, "")).toThrow();
    expect(readdirSync(parent)).toEqual([]);
  });

  test("in a directory with other files leaves them", () => {
    const directory = fresh();
    writeFileSync(join(directory, "mine"), "");
    const store = new ContentStore(directory, "write");
    put(store, "x");
    store.discard();
    expect(readdirSync(directory)).toEqual(["mine"]);
  });
});

describe("nothing outside the directory", () => {
  const secret = () => {
    const outside = fresh();
    const text = `secret ${crypto.randomUUID()}`;
    mkdirSync(join(outside, "sha256"));
    writeFileSync(join(outside, "sha256", digestOf(text).slice(7)), text);
    return { outside, digest: digestOf(text) };
  };

  test("is read through a blob that is a symlink", () => {
    const { outside, digest } = secret();
    const directory = fresh();
    mkdirSync(join(directory, "blobs/sha256"), { recursive: true });
    symlinkSync(join(outside, "sha256", digest.slice(7)), join(directory, "blobs/sha256", digest.slice(7)));
    const error = failureOf(() => new ContentStore(directory, "read").find(digest));
    expect(error.code).toBe("rpc.permission-denied");
  });

  test("is read or written through directories that are symlinks", () => {
    const { outside, digest } = secret();
    const directory = fresh();
    symlinkSync(outside, join(directory, "blobs"));
    const store = new ContentStore(directory, "write");
    expect(failureOf(() => store.find(digest)).code).toBe("rpc.permission-denied");
    const ingest = store.open("r", "");
    ingest.write(new TextEncoder().encode("x"));
    expect(failureOf(() => store.commit(ingest, 0, "")).code).toBe("rpc.permission-denied");
    symlinkSync(outside, join(fresh(), "unused"));
    expect(readdirSync(join(outside, "sha256"))).toHaveLength(1);
  });

  test("is written through an ingest directory that is a symlink", () => {
    const outside = fresh();
    const directory = fresh();
    symlinkSync(outside, join(directory, "ingest"));
    const store = new ContentStore(directory, "write");
    expect(failureOf(() => store.open("r", "")).code).toBe("rpc.permission-denied");
    expect(readdirSync(outside)).toEqual([]);
  });

  test("but the directory itself may be reached by a symlink", () => {
    const directory = fresh();
    const link = join(fresh(), "link");
    symlinkSync(directory, link);
    put(new ContentStore(link, "write"), "x");
    expect(new ContentStore(link, "read").get(digestOf("x")).size).toBe(1);
  });
});

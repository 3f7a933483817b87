import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LuakitError } from "../../../src/diagnostic/luakit-error.ts";
import { systemPath, toByteString } from "../../../src/session/fsutil/byte-string.ts";
import type { FilterRules } from "../../../src/session/fsutil/filter.ts";
import { openLibc } from "../../../src/session/fsutil/libc.ts";
import { LocalTree } from "../../../src/session/fsutil/local-tree.ts";
import { MadeEntries } from "../../../src/session/fsutil/made-entries.ts";
import { errorText, packetType, readPacket } from "../../../src/session/fsutil/packet.ts";
import { PacketWriter } from "../../../src/session/fsutil/packet-writer.ts";
import { receiveTree } from "../../../src/session/fsutil/receive.ts";
import { sendTree } from "../../../src/session/fsutil/send.ts";
import { asNobody } from "../../support/as-nobody.ts";
import { callPair, LocalCall } from "./call-pair.ts";
import { listTree } from "./listing.ts";

setDefaultTimeout(30_000);

const libc = await openLibc();
const places: string[] = [];
afterEach(() => {
  for (const place of places.splice(0)) {
    // Who is not root removes nothing from a directory that may not be written to.
    Bun.spawnSync(["chmod", "-R", "u+rwx", place]);
    rmSync(place, { recursive: true, force: true });
  }
});

function newDirectory(): string {
  const place = mkdtempSync(join(tmpdir(), "luakit-send-"));
  places.push(place);
  return place;
}

/** Sends one directory into a new one, and gives the new one. */
async function copy(from: string, rules: FilterRules = {}): Promise<string> {
  const to = join(newDirectory(), "to");
  const [sending, receiving] = callPair();
  const own = { directories: new Set<string>(), made: new MadeEntries(to) };
  const destination = { path: to, mode: "copy", owner: undefined, libc, ...own } as const;
  receiveTree(receiving, destination);
  sendTree(sending, new LocalTree(from, libc), rules);
  const [sent, received] = await Promise.all([sending.finished, receiving.finished]);
  expect([sent, received]).toMatchObject([{ code: 0 }, { code: 0 }]);
  return to;
}

/** A call whose peer is the test. */
class Daemon {
  readonly #call = new LocalCall();
  readonly packets = new PacketWriter();
  readonly failures: LuakitError[] = [];

  begin(directory: string): void {
    sendTree(this.#call, new LocalTree(directory, libc), {}, { onFailure: (error) => this.failures.push(error) });
  }

  ask(id: number): void {
    this.#call.take(this.packets.request(id));
  }

  take(message: Uint8Array): void {
    this.#call.take(message);
  }

  get finished() {
    return this.#call.finished;
  }

  get sent() {
    return this.#call.sent.map(readPacket);
  }

  /** Waits until the packets so far are as wanted. */
  async until(isThere: (packets: ReturnType<typeof readPacket>[]) => boolean): Promise<void> {
    for (let count = 0; count < 2000 && !isThere(this.sent); count++) await Bun.sleep(1);
    expect(isThere(this.sent)).toBe(true);
  }

  listed(): Promise<void> {
    return this.until((packets) =>
      packets.some((packet) => packet.type === packetType.stat && packet.stat === undefined),
    );
  }

  data(id: number): string {
    const parts = this.sent.filter((packet) => packet.type === packetType.data && packet.id === id);
    return Buffer.concat(parts.map(({ data }) => data)).toString();
  }
}

describe("a tree arrives as it is", () => {
  test("with files, empty ones, large ones, directories, links of all kinds, fifos, modes and times", async () => {
    const from = newDirectory();
    mkdirSync(join(from, "a/b/c"), { recursive: true });
    mkdirSync(join(from, "empty"));
    writeFileSync(join(from, "a/b/c/deep.txt"), "deep");
    writeFileSync(join(from, "a/empty"), "");
    writeFileSync(join(from, "large"), Buffer.alloc(3_000_000, "large"));
    writeFileSync(join(from, "exact"), Buffer.alloc(256 * 1024, "x"));
    writeFileSync(join(from, "one more"), Buffer.alloc(256 * 1024 + 1, "y"));
    writeFileSync(join(from, "tool"), "#!/bin/sh\n", { mode: 0o755 });
    writeFileSync(join(from, "suid"), "s");
    chmodSync(join(from, "suid"), 0o6755);
    writeFileSync(join(from, "secret"), "nobody");
    // Nobody but root can read it then.
    chmodSync(join(from, "secret"), process.getuid?.() === 0 ? 0 : 0o400);
    symlinkSync("a/b", join(from, "relative"));
    symlinkSync("/etc/passwd", join(from, "absolute"));
    symlinkSync("nowhere", join(from, "dangling"));
    symlinkSync("loop", join(from, "loop"));
    symlinkSync("../..", join(from, "a/out"));
    linkSync(join(from, "tool"), join(from, "a/tool"));
    linkSync(join(from, "tool"), join(from, "zz tool"));
    libc?.makeNode(join(from, "fifo"), 0o010640, 0, 0);
    chmodSync(join(from, "empty"), 0o1777);
    utimesSync(join(from, "large"), 1, 1_234_567_890.123);
    utimesSync(join(from, "a"), 1, 987_654_321);
    expect(listTree(await copy(from))).toEqual(listTree(from));
  });

  test("with names that are hard to write", async () => {
    const from = newDirectory();
    const names = [
      "sp ace",
      "new\nline",
      "\ttab",
      "é",
      "😀",
      "\uffee",
      "-dash",
      "*",
      "?",
      "[",
      "\\",
      "'",
      '"',
      "%",
      "a:b",
    ];
    for (const name of names) writeFileSync(join(from, name), name);
    writeFileSync(systemPath(`${from}/no\xffutf8`), "bytes");
    symlinkSync(systemPath("no\xffutf8"), systemPath(`${from}/\xfe`));
    mkdirSync(systemPath(`${from}/d\xff`));
    writeFileSync(systemPath(`${from}/d\xff/é`), "in it");
    expect(listTree(await copy(from))).toEqual(listTree(from));
  });

  test("with what a socket looks like to the daemon: an empty file", async () => {
    const from = newDirectory();
    libc?.makeNode(join(from, "socket"), 0o140755, 0, 0);
    for (const name of ["before", "then", "zz"]) writeFileSync(join(from, name), name);
    const to = await copy(from);
    expect(listTree(to, { times: false }).map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      '"before" 100644',
      '"socket" 100755',
      '"then" 100644',
      '"zz" 100644',
    ]);
  });

  test("in a directory with 300 entries, each once", async () => {
    const from = newDirectory();
    for (let index = 0; index < 300; index++) writeFileSync(join(from, `file ${index}`), `${index}`);
    expect(listTree(await copy(from))).toEqual(listTree(from));
  });

  test("with extended attributes", async () => {
    const from = newDirectory();
    writeFileSync(join(from, "file"), "x");
    const xattrs = [{ name: "user.luakit", value: new Uint8Array([1, 0, 2]) }];
    libc?.writeXattrs(join(from, "file"), xattrs);
    // Not every filesystem has them.
    const there = libc?.readXattrs(join(from, "file")) ?? [];
    const to = await copy(from);
    expect(libc?.readXattrs(join(to, "file")) ?? []).toEqual([...there]);
  });
});

describe("what is sent", () => {
  test("is a file when the path is one, under the name that was given", async () => {
    const from = newDirectory();
    writeFileSync(join(from, "real"), "text");
    symlinkSync("real", join(from, "name"));
    const to = await copy(join(from, "name"));
    expect(listTree(to, { times: false })).toEqual([expect.stringContaining('"name" 100644')]);
  });

  test("is a directory also when the path is a link to it", async () => {
    const from = newDirectory();
    mkdirSync(join(from, "real"));
    writeFileSync(join(from, "real/file"), "text");
    symlinkSync("real", join(from, "link"));
    expect(listTree(await copy(join(from, "link")))).toEqual(listTree(join(from, "real")));
  });

  test("is what the rules keep, with a further hard link as the first when the first is left out", async () => {
    const from = newDirectory();
    mkdirSync(join(from, "src"));
    writeFileSync(join(from, "first"), "text");
    linkSync(join(from, "first"), join(from, "src/second"));
    linkSync(join(from, "first"), join(from, "src/third"));
    const to = await copy(from, { include: ["src"] });
    const lines = listTree(to, { times: false });
    expect(lines).toHaveLength(3);
    expect(lines[2]).toEndWith(" = src/second");
  });

  test("has nobody's name on it, and sizes of hard links as fsutil has them", async () => {
    const from = newDirectory();
    writeFileSync(join(from, "a"), "12345");
    linkSync(join(from, "a"), join(from, "b"));
    const daemon = new Daemon();
    daemon.begin(from);
    await daemon.listed();
    expect(daemon.sent.map(({ stat }) => stat)).toMatchObject([
      { path: "a", size: 5, uid: 0, gid: 0, linkname: "" },
      { path: "b", size: 5, uid: 0, gid: 0, linkname: "a" },
      undefined,
    ]);
  });
});

describe("while files change", () => {
  test("one that grows is sent as long as it was when it was opened, one that is shorter as it is", async () => {
    const from = newDirectory();
    writeFileSync(join(from, "grows"), "12345");
    writeFileSync(join(from, "shrinks"), "12345");
    const daemon = new Daemon();
    daemon.begin(from);
    await daemon.listed();
    appendFileSync(join(from, "grows"), "67890");
    truncateSync(join(from, "shrinks"), 2);
    daemon.ask(0);
    daemon.ask(1);
    await daemon.until((packets) => packets.filter(({ type, data }) => type === 2 && data.length === 0).length === 2);
    expect([daemon.data(0), daemon.data(1)]).toEqual(["1234567890", "12"]);
  });

  test("one that is gone fails the transfer, by name", async () => {
    const from = newDirectory();
    writeFileSync(join(from, "gone"), "12345");
    const daemon = new Daemon();
    daemon.begin(from);
    await daemon.listed();
    unlinkSync(join(from, "gone"));
    daemon.ask(0);
    const status = await daemon.finished;
    const text = `cannot read ${join(from, "gone")}: it does not exist`;
    expect(status).toMatchObject({ code: 2, message: text });
    const last = daemon.sent.at(-1);
    expect(last?.type).toBe(packetType.error);
    expect(last && errorText(last)).toBe(text);
    expect(daemon.failures).toMatchObject([{ code: "file.read", message: text }]);
  });

  test("one that may not be read fails the transfer, by name", async () => {
    const from = newDirectory();
    writeFileSync(join(from, "closed"), "12345", { mode: 0 });
    const daemon = new Daemon();
    const status = await asNobody([from], async () => {
      daemon.begin(from);
      await daemon.listed();
      daemon.ask(0);
      return daemon.finished;
    });
    expect(status).toMatchObject({ message: `cannot read ${join(from, "closed")}: permission denied` });
    expect(daemon.failures).toMatchObject([{ hint: expect.stringContaining(".dockerignore") }]);
  });

  test.each([
    ["the file", (from: string) => renameSync(join(from, "outside"), join(from, "served/dir/file"))],
    [
      "its directory",
      (from: string) => {
        renameSync(join(from, "served/dir"), join(from, "served/was"));
        symlinkSync(join(from, "other"), join(from, "served/dir"));
      },
    ],
  ])("a link in place of %s leads nowhere", async (_, replace) => {
    const from = newDirectory();
    mkdirSync(join(from, "served/dir"), { recursive: true });
    mkdirSync(join(from, "other"));
    writeFileSync(join(from, "served/dir/file"), "inside");
    writeFileSync(join(from, "other/file"), "outside");
    symlinkSync(join(from, "other/file"), join(from, "outside"));
    const daemon = new Daemon();
    daemon.begin(join(from, "served"));
    await daemon.listed();
    replace(from);
    daemon.ask(1);
    expect(await daemon.finished).toMatchObject({ code: 2, message: expect.stringContaining("symbolic link") });
    expect(daemon.data(1)).toBe("");
  });
});

describe("a transfer ends", () => {
  test("with FIN for FIN", async () => {
    const from = newDirectory();
    const daemon = new Daemon();
    daemon.begin(from);
    await daemon.listed();
    daemon.take(daemon.packets.fin());
    expect(await daemon.finished).toMatchObject({ code: 0 });
    expect(daemon.sent.map(({ type }) => type)).toEqual([packetType.stat, packetType.fin]);
  });

  test.each([
    ["a file that it has had already", 0],
    ["a directory", 1],
    ["a file that is not there", 7],
  ])("with an error when the daemon asks for %s", async (_, id) => {
    const from = newDirectory();
    writeFileSync(join(from, "a"), "x");
    mkdirSync(join(from, "b"));
    const daemon = new Daemon();
    daemon.begin(from);
    await daemon.listed();
    if (id === 0) {
      daemon.ask(0);
      await daemon.until((packets) => packets.some(({ type }) => type === packetType.data));
    }
    daemon.ask(id);
    expect(await daemon.finished).toMatchObject({ code: 2, message: expect.stringContaining(`the file ${id}`) });
  });

  test("with an error when the daemon asks twice at once", async () => {
    const from = newDirectory();
    writeFileSync(join(from, "a"), "x");
    const daemon = new Daemon();
    daemon.begin(from);
    await daemon.listed();
    daemon.ask(0);
    daemon.ask(0);
    expect(await daemon.finished).toMatchObject({ code: 2, message: expect.stringContaining("the file 0") });
  });

  test("with the daemon's own words when it gives up", async () => {
    const daemon = new Daemon();
    daemon.begin(newDirectory());
    daemon.take(daemon.packets.error("no space left on device"));
    expect(await daemon.finished).toMatchObject({ message: expect.stringContaining("no space left on device") });
  });

  test("with an error for bytes that are no packet", async () => {
    const daemon = new Daemon();
    daemon.begin(newDirectory());
    daemon.take(Uint8Array.of(0x22, 0x7f, 1));
    expect(await daemon.finished).toMatchObject({ code: 2 });
  });
});

test("a malformed pattern fails before anything is sent", async () => {
  const call = new LocalCall();
  sendTree(call, new LocalTree(newDirectory(), libc), { include: [toByteString("a[")] });
  expect(await call.finished).toMatchObject({ message: 'invalid include patterns "a[": syntax error in pattern "a["' });
});

test("other work has its turn while much is sent", async () => {
  const from = newDirectory();
  for (let index = 0; index < 1500; index++) writeFileSync(join(from, `${index}`), "");
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await copy(from);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});

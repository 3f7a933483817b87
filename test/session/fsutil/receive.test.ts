import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LuakitError } from "../../../src/diagnostic/luakit-error.ts";
import { fileMode } from "../../../src/session/fsutil/file-mode.ts";
import { openLibc } from "../../../src/session/fsutil/libc.ts";
import { MadeEntries } from "../../../src/session/fsutil/made-entries.ts";
import { errorText, packetType, readPacket } from "../../../src/session/fsutil/packet.ts";
import { PacketWriter } from "../../../src/session/fsutil/packet-writer.ts";
import { receiveTree } from "../../../src/session/fsutil/receive.ts";
import type { Stat } from "../../../src/session/fsutil/stat.ts";
import { LocalCall } from "./call-pair.ts";
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
  const place = mkdtempSync(join(tmpdir(), "luakit-receive-"));
  places.push(place);
  return place;
}

function entry(path: string, mode: number, more: Partial<Stat> = {}): Stat {
  const modTime = 1_600_000_000_123_456_789n;
  return { path, mode, uid: 5, gid: 6, size: 0, modTime, linkname: "", devmajor: 0, devminor: 0, xattrs: [], ...more };
}
const file = (path: string, more: Partial<Stat> = {}) => entry(path, 0o644, more);
const directory = (path: string, mode = 0o755) => entry(path, (fileMode.directory | mode) >>> 0);
const link = (path: string, linkname: string) => entry(path, fileMode.symlink | 0o777, { linkname });

interface TransferOptions {
  readonly mode?: "copy" | "delete";
  readonly directories?: Set<string>;
}

/** A transfer whose daemon is the test, and says whatever it likes. */
class Transfer {
  readonly call = new LocalCall();
  readonly packets = new PacketWriter();
  readonly failures: LuakitError[] = [];
  #entries = 0;

  constructor(path: string, { mode = "copy", directories = new Set() }: TransferOptions = {}) {
    const destination = { path, mode, owner: undefined, libc, directories, made: new MadeEntries(path) };
    receiveTree(this.call, destination, { onFailure: (error) => this.failures.push(error) });
  }

  /** Sends entries, files with data at once. */
  send(...entries: (Stat | readonly [Stat, string])[]): this {
    for (const each of entries) {
      const [stat, data] = "path" in each ? [each, undefined] : each;
      this.call.take(this.packets.stat(stat));
      if (data !== undefined) this.data(this.#entries, data).endFile(this.#entries);
      this.#entries++;
    }
    return this;
  }

  data(id: number, text: string): this {
    const bytes = Buffer.from(text);
    const packet = this.packets.data(id, bytes.length, (buffer, start) => bytes.copy(buffer, start));
    if (packet !== undefined) this.call.take(packet);
    return this;
  }

  endFile(id: number): this {
    this.call.take(this.packets.endOfFile(id));
    return this;
  }

  endList(): this {
    this.call.take(this.packets.endOfList());
    return this;
  }

  /** Ends the list, waits for FIN, answers it. */
  async finish(): Promise<void> {
    this.endList();
    await this.until(() => this.sent.some(({ type }) => type === packetType.fin));
    this.call.take(this.packets.fin());
    expect(await this.call.finished).toMatchObject({ code: 0 });
  }

  async until(isThere: () => boolean): Promise<void> {
    for (let count = 0; count < 2000 && !isThere(); count++) await Bun.sleep(1);
    expect(isThere()).toBe(true);
  }

  /** Waits for the transfer to fail: what it says. */
  async failure(): Promise<string> {
    const status = await this.call.finished;
    expect(status.code).toBe(2);
    const last = this.sent.at(-1);
    expect(last?.type).toBe(packetType.error);
    expect(last && errorText(last)).toBe(status.message);
    expect(this.failures.map(({ message }) => message)).toEqual([status.message]);
    return status.message;
  }

  get sent() {
    return this.call.sent.map(readPacket);
  }
}

describe("a tree is written", () => {
  test("with modes, times in nanoseconds, links, hard links before and after their file is complete", async () => {
    const to = join(newDirectory(), "deep/to");
    const transfer = new Transfer(to);
    transfer.send(
      directory("d", 0o750 | fileMode.setgid),
      file("d/a"),
      entry("d/b", 0o644, { linkname: "d/a" }),
      link("l", "d/a"),
    );
    transfer.send(entry("tool", 0o755 | fileMode.setuid), entry("two", 0o644, { linkname: "tool" }));
    transfer.data(4, "tool").endFile(4).data(1, "a").data(1, "b").endFile(1);
    await transfer.finish();
    expect(listTree(to).map((line) => line.replace(/\d+:\d+ /, ""))).toEqual([
      '"d" 42750 1600000000123456789',
      `"d/a" 100644 1600000000123456789 ${Bun.hash("ab").toString(36)} 2`,
      '"d/b" 100644 1600000000123456789 = d/a',
      '"l" 120777 1600000000123456789 -> d/a',
      `"tool" 104755 1600000000123456789 ${Bun.hash("tool").toString(36)} 4`,
      '"two" 104755 1600000000123456789 = tool',
    ]);
  });

  test("asking for the data of each file once, also of empty ones, and of nothing else", async () => {
    const transfer = new Transfer(newDirectory());
    transfer.send(directory("a"), [file("b"), ""], link("c", "b"), entry("d", 0o644, { linkname: "b" }), [
      file("e"),
      "x",
    ]);
    await transfer.finish();
    expect(transfer.sent.filter(({ type }) => type === packetType.request).map(({ id }) => id)).toEqual([1, 4]);
  });

  test("into a directory that is made when it is missing, also for an empty tree", async () => {
    const to = join(newDirectory(), "a/b");
    await new Transfer(to).finish();
    expect(readdirSync(to)).toEqual([]);
  });

  test("with files whose pieces come in turns", async () => {
    const to = newDirectory();
    const transfer = new Transfer(to).send(file("a"), file("b"));
    transfer.data(0, "1").data(1, "2").data(0, "3").data(1, "4").endFile(1).endFile(0);
    await transfer.finish();
    expect([readFileSync(join(to, "a"), "utf8"), readFileSync(join(to, "b"), "utf8")]).toEqual(["13", "24"]);
  });

  test("with directories that nobody may write to", async () => {
    const to = newDirectory();
    await new Transfer(to).send(directory("ro", 0o555), [file("ro/file"), "x"], directory("zero", 0)).finish();
    expect(statSync(join(to, "ro")).mode & 0o777).toBe(0o555);
    expect(statSync(join(to, "zero")).mode & 0o777).toBe(0);
    // Once more over the same.
    await new Transfer(to).send(directory("ro", 0o555), [file("ro/file"), "y"], directory("zero", 0)).finish();
    expect(readFileSync(join(to, "ro/file"), "utf8")).toBe("y");
  });

  test("through a destination that is a link to a directory", async () => {
    const place = newDirectory();
    mkdirSync(join(place, "real"));
    symlinkSync("real", join(place, "to"));
    await new Transfer(join(place, "to")).send([file("a"), "x"]).finish();
    expect(readFileSync(join(place, "real/a"), "utf8")).toBe("x");
  });
});

describe("what is there already", () => {
  test("stays in copy mode, but for what has the same name", async () => {
    const to = newDirectory();
    writeFileSync(join(to, "other"), "other");
    writeFileSync(join(to, "same"), "a long text that is there");
    mkdirSync(join(to, "dir"));
    writeFileSync(join(to, "dir/inner"), "inner");
    await new Transfer(to).send(directory("dir"), [file("dir/new"), "new"], [file("same"), "short"]).finish();
    expect(listTree(to).map((line) => line.split(" ")[0])).toEqual([
      '"dir"',
      '"dir/inner"',
      '"dir/new"',
      '"other"',
      '"same"',
    ]);
    expect(readFileSync(join(to, "same"), "utf8")).toBe("short");
  });

  test("goes in delete mode, wherever it is", async () => {
    const to = newDirectory();
    for (const path of ["gone/deep", "dir/gone", "dir/sub/gone"]) mkdirSync(join(to, path), { recursive: true });
    writeFileSync(join(to, "gone/deep/file"), "x");
    writeFileSync(join(to, "dir/file"), "old");
    symlinkSync("/", join(to, "link"));
    const transfer = new Transfer(to, { mode: "delete" });
    await transfer.send(directory("dir"), [file("dir/file"), "new"], directory("dir/sub")).finish();
    expect(listTree(to).map((line) => line.split(" ")[0])).toEqual(['"dir"', '"dir/file"', '"dir/sub"']);
    expect(readFileSync(join(to, "dir/file"), "utf8")).toBe("new");
  });

  test("stays in delete mode when the transfer fails", async () => {
    const to = newDirectory();
    writeFileSync(join(to, "old"), "old");
    const transfer = new Transfer(to, { mode: "delete" }).send(file("new"));
    transfer.call.take(transfer.packets.error("the build broke"));
    expect(await transfer.failure()).toContain("the build broke");
    expect(readdirSync(to)).toEqual(["old"]);
  });

  test.each(["file", "directory", "link", "dangling link", "link to a directory"])(
    "gives its place to an entry of any kind: a %s",
    async (kind) => {
      const outside = newDirectory();
      writeFileSync(join(outside, "kept"), "kept");
      const make = (path: string) => {
        if (kind === "file") writeFileSync(path, "old");
        else if (kind === "directory") mkdirSync(join(path, "full/of"), { recursive: true });
        else
          symlinkSync(kind === "link" ? join(outside, "kept") : kind === "dangling link" ? "nowhere" : outside, path);
      };
      const to = newDirectory();
      for (const name of ["a", "b", "c", "d", "e"]) make(join(to, name));
      const transfer = new Transfer(to).send(directory("a"), [file("a/x"), "x"], [file("b"), "new"], link("c", "b"));
      transfer.send(entry("d", fileMode.namedPipe | 0o600), entry("e", 0o644, { linkname: "b" }));
      await transfer.finish();
      expect(readdirSync(outside)).toEqual(["kept"]);
      expect(readFileSync(join(outside, "kept"), "utf8")).toBe("kept");
      expect(lstatSync(join(to, "a")).isDirectory()).toBe(true);
      expect(readFileSync(join(to, "b"), "utf8")).toBe("new");
      expect(readlinkSync(join(to, "c"))).toBe("b");
      expect(lstatSync(join(to, "d")).isFIFO()).toBe(true);
      expect(lstatSync(join(to, "e")).ino).toBe(lstatSync(join(to, "b")).ino);
      expect(readdirSync(to).filter((name) => name.startsWith(".luakit"))).toEqual([]);
    },
  );
});

describe("a daemon cannot write outside", () => {
  test.each(["/etc/x", "../x", "a/../../x", "..", ".", "", "a//b", "./a", "a/", "a/.", "/", "a\0b"])(
    "with the path %j",
    async (path) => {
      const place = newDirectory();
      const transfer = new Transfer(join(place, "to")).send(directory("a"), file(path));
      expect(await transfer.failure()).toContain("malformed path");
      expect(readdirSync(place)).toEqual(["to"]);
    },
  );

  test("through a link that it has sent", async () => {
    const outside = newDirectory();
    const to = newDirectory();
    const transfer = new Transfer(to).send(link("a", outside), file("a/x"));
    expect(await transfer.failure()).toContain("directory it did not send");
    expect(readdirSync(outside)).toEqual([]);
  });

  test("through a link that was there", async () => {
    const outside = newDirectory();
    const to = newDirectory();
    symlinkSync(outside, join(to, "a"));
    await new Transfer(to).send(directory("a"), [file("a/x"), "inside"]).finish();
    expect(readdirSync(outside)).toEqual([]);
    expect(readFileSync(join(to, "a/x"), "utf8")).toBe("inside");
  });

  test("through a link that takes the place of a directory meanwhile", async () => {
    const outside = newDirectory();
    const to = newDirectory();
    const transfer = new Transfer(to).send(directory("a"), directory("a/b"), file("a/b/x"));
    await transfer.until(() => transfer.sent.length === 1);
    rmSync(join(to, "a"), { recursive: true });
    mkdirSync(join(outside, "b"));
    symlinkSync(outside, join(to, "a"));
    transfer.data(2, "data").endFile(2).endList();
    await transfer.failure();
    expect(readdirSync(join(outside, "b"))).toEqual([]);
  });

  test("with a second transfer that makes a directory of the first a link", async () => {
    const outside = newDirectory();
    const to = newDirectory();
    const directories = new Set<string>();
    const first = new Transfer(to, { directories }).send(directory("a"), file("a/x"));
    await first.until(() => first.sent.length === 1);
    const second = new Transfer(to, { directories }).send(link("a", outside));
    expect(await second.failure()).toContain("as a directory and as something else");
    first.data(1, "data").endFile(1);
    await first.finish();
    expect(readdirSync(outside)).toEqual([]);
  });

  test("with a hard link to what it did not send", async () => {
    const to = newDirectory();
    writeFileSync(join(to, "secret"), "x");
    const links = ["secret", "../secret", "/etc/passwd", "b", "l"];
    for (const linkname of links) {
      const transfer = new Transfer(join(to, "to")).send(link("l", "../secret"), entry("n", 0o644, { linkname }));
      expect(await transfer.failure()).toContain("link to what it did not send");
    }
  });

  test("by having us write to a device or a fifo", async () => {
    const to = newDirectory();
    const transfer = new Transfer(to).send(
      entry("null", fileMode.device | fileMode.characterDevice | 0o666),
      file("z"),
    );
    transfer.data(0, "data");
    expect(await transfer.failure()).toContain("nobody asked for");
  });

  test.each([
    ["out of order", [file("b"), file("a")]],
    ["out of order", [file("a"), file("a")]],
    ["out of order", [file("a.b"), directory("a"), file("a/x"), file("a.b")]],
    ["directory it did not send", [file("a/x")]],
    ["directory it did not send", [file("a"), file("a/x")]],
    ["directory it did not send", [directory("a"), file("b"), file("a/x")]],
    ["unknown kind", [entry("a", fileMode.irregular | 0o644)]],
    ["unknown kind", [entry("a", fileMode.socket | 0o644)]],
  ])("with entries %s", async (text, entries) => {
    expect(await new Transfer(newDirectory()).send(...entries).failure()).toContain(text);
  });
});

test("asks for no more files at a time than a daemon that is cancelled can forget", async () => {
  const transfer = new Transfer(newDirectory());
  const names = Array.from({ length: 300 }, (_, index) => `f${1000 + index}`);
  transfer.send(...names.map((name) => file(name))).endList();
  const asked = () => transfer.sent.filter(({ type }) => type === packetType.request).map(({ id }) => id);
  await transfer.until(() => asked().length > 0);
  await Bun.sleep(5);
  expect(asked()).toEqual(Array.from({ length: 128 }, (_, id) => id));
  for (let id = 0; id < 300; id++) {
    await transfer.until(() => asked().includes(id));
    transfer.call.take(transfer.packets.endOfFile(id));
  }
  await transfer.until(() => transfer.sent.at(-1)?.type === packetType.fin);
  expect(asked().length).toBe(300);
});

describe("a transfer that fails", () => {
  test("leaves no part of a file, and what is complete", async () => {
    const to = newDirectory();
    writeFileSync(join(to, "was"), "was");
    const transfer = new Transfer(to).send([file("done"), "done"], file("part"), file("was"));
    transfer.data(1, "x".repeat(600_000)).data(2, "y".repeat(600_000));
    await transfer.until(() => existsSync(join(to, "part")));
    transfer.call.take(transfer.packets.error("broken"));
    await transfer.failure();
    expect(readdirSync(to).sort()).toEqual(["done", "was"]);
    expect(readFileSync(join(to, "was"), "utf8")).toBe("was");
  });

  test("says so when the daemon ends before all is there", async () => {
    const transfer = new Transfer(newDirectory()).send(file("a"));
    await transfer.until(() => transfer.sent.length === 1);
    transfer.call.endPeer();
    expect(await transfer.failure()).toContain("before all is there");
  });

  test.each([
    ["data of a file twice", (t: Transfer) => t.send([file("a"), "x"]).data(0, "x")],
    ["an entry behind the last", (t: Transfer) => t.send(file("a")).endList().send(file("b"))],
    ["FIN first", (t: Transfer) => t.send(file("a")).call.take(t.packets.fin())],
    ["no packet", (t: Transfer) => t.call.take(Uint8Array.of(0x12, 0x7f))],
  ])("ends when the daemon sends %s", async (_, send) => {
    const transfer = new Transfer(newDirectory());
    send(transfer);
    await transfer.failure();
  });

  test("names the file that cannot be written", async () => {
    const to = newDirectory();
    const name = "n".repeat(300);
    const transfer = new Transfer(to).send([file(name), "x"]);
    expect(await transfer.failure()).toBe(`cannot write ${to}/${name}: the name is too long`);
  });

  test("names the destination that is no directory", async () => {
    const to = join(newDirectory(), "file");
    writeFileSync(to, "x");
    expect(await new Transfer(to).send(file("a")).failure()).toBe(
      `cannot write to the directory ${to}: there is a file in its place`,
    );
  });
});

test("a directory of somebody else's that is written to has its mode back at the end", async () => {
  const to = newDirectory();
  mkdirSync(join(to, "d"), { mode: 0o700 });
  chmodSync(join(to, "d"), 0o300);
  await new Transfer(to).send(directory("d", 0o711), [file("d/x"), "x"]).finish();
  expect(statSync(join(to, "d")).mode & 0o777).toBe(0o711);
});

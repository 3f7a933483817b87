import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
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
import { BytesMessage, FileSend } from "../../../src/gen/filesync.ts";
import type { Channel } from "../../../src/rpc/channel.ts";
import { fileOutput } from "../../../src/session/file-output.ts";
import { fileSend } from "../../../src/session/file-send.ts";
import { EntryOrder } from "../../../src/session/fsutil/entry-order.ts";
import { openCaller } from "../../session/caller.ts";
import { listTree } from "../../session/fsutil/listing.ts";
import { effort, tell } from "../effort.ts";
import { dataPacket, type HostileEntry, kind, sendEntries } from "./hostile-sender.ts";

setDefaultTimeout(Math.max(60_000, effort(0, 3_600_000)));

const places: string[] = [];
afterAll(() => {
  for (const place of places) rmSync(place, { recursive: true, force: true });
});

interface Place {
  /** Everything, of which only `out` may change. */
  readonly root: string;
  readonly out: string;
  readonly channel: Channel;
  discard(): void;
  /** What is outside of `out`, with contents and modes. */
  outside(): readonly string[];
}

function makePlace(mode: "copy" | "delete" = "copy"): Place {
  const root = mkdtempSync(join(tmpdir(), "luakit-test-"));
  places.push(root);
  const out = join(root, "a/out");
  mkdirSync(join(root, "victim"), { recursive: true });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(root, "victim/file"), "untouched");
  writeFileSync(join(root, "a/beside"), "untouched");
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const outputs = fileSend([{ kind: "directory", exporterId: 0, path: out, mode }], { owner });
  const channel = openCaller(outputs.service);
  return {
    root,
    out,
    channel,
    discard: () => outputs.discard(),
    outside: () => listTree(root).filter((line) => !line.startsWith('"a/out')),
  };
}

const directory = (path: string): HostileEntry => ({ path, mode: kind.directory | 0o755 });
const link = (path: string, linkname: string): HostileEntry => ({ path, linkname, mode: kind.link | 0o777 });
const file = (path: string, more: Partial<HostileEntry> = {}): HostileEntry => ({ path, data: "evil", ...more });

type Case = readonly [what: string, entries: readonly HostileEntry[], refusal: RegExp | undefined];

const malformed = /malformed path|did not send|out of order/;
const cases: readonly Case[] = [
  ...["../victim/file", "..", "a/../../victim/file", "/etc/luakit-evil", "", ".", "./x", "x/", "x//y", "x\0y"].map(
    (path): Case => [`the name ${JSON.stringify(path)}`, [directory("a"), directory("x"), file(path)], malformed],
  ),
  ["..\\ in a name, which is one of Linux", [file("..\\victim\\file")], undefined],
  ["a name that looks like a flag", [file("--checkpoint-action=exec=sh")], undefined],
  ["a name of several lines", [file("a\nb\u001b[2J")], undefined],
  ["a name that is too long", [file("n".repeat(300))], /name is too long/],
  ["a path that is too long", [file(`${"n".repeat(100)}/`.repeat(50).slice(0, -1))], malformed],
  ["the same name twice", [file("x"), file("x")], /out of order/],
  ["names out of order", [file("y"), file("x")], /out of order/],
  ["a file, then a directory of its name", [file("x"), directory("x"), file("x/y")], /out of order/],
  ["a file below a file", [file("x"), file("x/y")], /did not send/],
  ["a file below a link that it sent", [link("x", "../../victim"), file("x/file")], /did not send/],
  [
    "a file below a link that also is a directory",
    [{ ...link("x", "../../victim"), mode: kind.link | kind.directory | 0o777 }, file("x/file")],
    undefined,
  ],
  ["a file of a directory that it did not send", [file("d/x")], /did not send/],
  ...["../../victim/file", "/etc/passwd", "", ".", "x", "later", "dir", "symbolic", "../out/target"].map(
    (linkname): Case => [
      `a hard link to ${JSON.stringify(linkname)}`,
      [directory("dir"), file("hard", { linkname, data: "" }), file("later"), link("symbolic", "../../victim/file")],
      linkname === "" ? undefined : /link to what it did not send/,
    ],
  ),
  [
    "a hard link to a link that it sent",
    [link("a", "../../victim/file"), file("b", { linkname: "a", data: "" })],
    /did not send/,
  ],
  ["a socket", [file("s", { mode: kind.socket | 0o777 })], /unknown kind/],
  ["something irregular", [file("s", { mode: kind.irregular | 0o777 })], /unknown kind/],
  ["every bit of a mode", [file("s", { mode: 0xffffffff })], undefined],
  ["sizes that lie", [file("a", { size: 2 ** 53 }), file("c", { size: 0 })], undefined],
  [
    "times at the ends of time",
    [file("a", { modTime: -(2n ** 63n) }), file("b", { modTime: 2n ** 63n - 1n })],
    undefined,
  ],
  ["owners", [file("a", { uid: 4294967295, gid: 4294967295 }), file("b", { uid: 1, gid: 1 })], undefined],
  [
    "attributes of all kinds",
    [
      file("a", {
        xattrs: ["", "x", "user.\0", "trusted.overlay.opaque", "security.capability", "n".repeat(70_000)].map(
          (name) => ({
            name,
            value: new Uint8Array(name === "x" ? 100_000 : 20),
          }),
        ),
      }),
    ],
    undefined,
  ],
  [
    "a link to anywhere, which stays a link",
    [link("x", "/etc/passwd"), link("y", "../../victim"), link("z", "\u001b[2J")],
    undefined,
  ],
  ["an empty link", [link("x", "")], /does not exist/],
];

describe.concurrent("a daemon that sends", () => {
  test.each(cases)("%s writes nothing outside", async (_, entries, refusal) => {
    const place = makePlace();
    const before = place.outside();
    const { error, status } = await sendEntries(place.channel, entries);
    expect(place.outside()).toEqual(before);
    if (refusal === undefined) expect([error, status.code]).toEqual([undefined, 0]);
    else expect(error ?? status.message).toMatch(refusal);
    for (const name of readdirSync(place.out))
      expect(lstatSync(join(place.out, name)).uid).toBe(process.getuid?.() ?? 0);
    place.discard();
    expect(place.outside()).toEqual(before);
  });

  test("data of files that nobody asked for, or again, is refused", async () => {
    for (const id of [1, 7, 2 ** 31, 2 ** 53]) {
      const place = makePlace();
      const behind = (writer: Parameters<typeof dataPacket>[0]) => [dataPacket(writer, id, Buffer.from("evil"))];
      const { error } = await sendEntries(place.channel, [file("a")], { behind });
      expect(error).toMatch(/nobody asked for/);
    }
  });

  test("entries behind the last, or the end of the list again, is refused", async () => {
    const place = makePlace();
    const { error } = await sendEntries(place.channel, [directory("a")], { behind: () => [new Uint8Array(0)] });
    expect(error ?? "behind the last").toContain("behind the last");
    expect(place.outside().length).toBe(makePlace().outside().length);
  });

  test.each(["1", "-1", "9999999999999999999", "1e1", "NaN", "0x0", "../0"])("as exporter %s is nobody", async (id) => {
    const place = makePlace();
    const before = listTree(place.root);
    const { status } = await sendEntries(place.channel, [file("a")], {
      metadata: [["buildkit-attachable-exporter-id", id]],
    });
    if (id !== "0x0") expect(status.message).toContain("not found");
    if (id !== "0x0") expect(listTree(place.root)).toEqual(before);
  });

  test("one file twice at once gets the first only", async () => {
    const place = makePlace();
    const output = fileOutput(0, join(place.root, "a/out.tar"));
    const outputs = fileSend([output]);
    const channel = openCaller(outputs.service);
    const calls = [0, 1].map(() => {
      const call = channel.open(FileSend.DiffCopy.path, { metadata: [["buildkit-attachable-exporter-id", "0"]] });
      call.send(BytesMessage.encode({ data: new Uint8Array(10) }));
      call.end();
      return call.status;
    });
    const codes = (await Promise.all(calls)).map(({ message }) => message);
    expect(codes.filter((text) => text?.includes("has sent its file already"))).toHaveLength(1);
    outputs.discard();
    expect(readdirSync(join(place.root, "a")).sort()).toEqual(["beside", "out"]);
  });

  test("thousands of entries and fails leaves nothing", async () => {
    const place = makePlace();
    const before = listTree(place.root);
    const many = Array.from({ length: effort(500, 50_000) }, (_, index) => file(`f${String(index).padStart(8, "0")}`));
    const { error } = await sendEntries(place.channel, [...many, file("a")]);
    expect(error).toContain("out of order");
    place.discard();
    expect(listTree(place.root)).toEqual(before);
  });

  test("setuid files gives them to nobody but the user", async () => {
    const place = makePlace();
    await sendEntries(place.channel, [file("sh", { mode: kind.setuid | 0o4755 | 0o755, uid: 0 })]);
    expect(statSync(join(place.out, "sh")).uid).toBe(process.getuid?.() ?? 0);
  });
});

test("on Windows no name leads out, or to a device or a stream of a file", () => {
  const names = [
    "..\\x",
    "a\\b",
    "C:",
    "C:x",
    "x:stream",
    "con",
    "NUL",
    "aux.txt",
    "COM1",
    "lpt9.log",
    "x.",
    "x ",
    "d/prn",
  ];
  for (const name of names) {
    const order = new EntryOrder("win32");
    order.check("d", true);
    expect(() => order.check(name, false)).toThrow(/Windows|out of order/);
  }
  expect(() => new EntryOrder("win32").check("console.txt", false)).not.toThrow();
});

/** A process that puts links to the victim in the place of what is being written, until it is stopped. */
function openSwapper(out: string, victim: string) {
  const code = `
    const fs = require("node:fs");
    const [out, victim] = process.argv.slice(-2);
    for (;;) {
      for (const name of ["dir", "fifo", "file", "deep/dir"]) {
        const path = out + "/" + name;
        try { fs.renameSync(path, path + ".away"); fs.symlinkSync(name.endsWith("dir") ? victim : victim + "/file", path); } catch {}
        try { fs.unlinkSync(path); fs.renameSync(path + ".away", path); } catch {}
      }
    }`;
  return Bun.spawn([process.execPath, "-e", code, out, victim], { stdout: "ignore", stderr: "ignore" });
}

test("a process that swaps what is written for links has nothing written through them", async () => {
  const place = makePlace();
  const victim = join(place.root, "victim");
  chmodSync(join(victim, "file"), 0o600);
  const before = place.outside();
  const swapper = openSwapper(place.out, victim);
  const rounds = effort(15, 3000);
  try {
    for (let round = 0; round < rounds; round++) {
      await sendEntries(place.channel, [
        directory("deep"),
        directory("deep/dir"),
        file("deep/dir/file", { mode: 0o777 }),
        directory("dir"),
        file("dir/file", { mode: 0o777 }),
        { path: "fifo", mode: kind.fifo | 0o777 },
        file("file", { mode: 0o777, linkname: "" }),
      ]);
      expect(readFileSync(join(victim, "file"), "utf8")).toBe("untouched");
      expect(statSync(join(victim, "file")).mode & 0o777).toBe(0o600);
    }
  } finally {
    swapper.kill("SIGKILL");
    await swapper.exited;
  }
  tell("security: swapped for links while written", { rounds, written_through: 0 });
  expect(readdirSync(victim)).toEqual(["file"]);
  expect(place.outside()).toEqual(before);
});

test("what is there and closed to others is opened through no link when a build is taken back", async () => {
  const place = makePlace();
  const victim = join(place.root, "victim");
  chmodSync(victim, 0o500);
  await sendEntries(place.channel, [directory("d"), link("d/l", "../../../victim"), file("d/x", { mode: 0 })]);
  chmodSync(join(place.out, "d"), 0o500);
  place.discard();
  expect(statSync(victim).mode & 0o777).toBe(0o500);
  expect(existsSync(join(victim, "file"))).toBe(true);
});

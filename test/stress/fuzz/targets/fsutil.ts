import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LuakitError } from "../../../../src/diagnostic/luakit-error.ts";
import { fileError } from "../../../../src/session/fsutil/file-error.ts";
import { fileMode } from "../../../../src/session/fsutil/file-mode.ts";
import { makeFilter } from "../../../../src/session/fsutil/filter.ts";
import type { Libc } from "../../../../src/session/fsutil/libc.ts";
import { LocalTree } from "../../../../src/session/fsutil/local-tree.ts";
import { MadeEntries } from "../../../../src/session/fsutil/made-entries.ts";
import { type Packet, packetType, readPacket } from "../../../../src/session/fsutil/packet.ts";
import { PacketWriter } from "../../../../src/session/fsutil/packet-writer.ts";
import { receiveTree } from "../../../../src/session/fsutil/receive.ts";
import { sendTree } from "../../../../src/session/fsutil/send.ts";
import type { Stat } from "../../../../src/session/fsutil/stat.ts";
import { Walk } from "../../../../src/session/fsutil/walk.ts";
import { LocalCall } from "../../../session/fsutil/call-pair.ts";
import { many, number, oneIn, pick, type Random, textOf } from "../driver/choose.ts";
import type { Target } from "../driver/fuzz.ts";
import { cutParts, joinParts } from "../driver/parts.ts";
import { outline, tolerate } from "../driver/tolerate.ts";

const paths = [
  "a",
  "b",
  "d",
  "d/a",
  "d/e",
  "d/e/f",
  "link",
  "link/a",
  "../evil",
  "/evil",
  "d/../../evil",
  ".",
  "..",
  "",
  "a/",
  "//",
  "d//a",
  "a\0b",
  "x".repeat(300),
  "é",
  "\xff",
];

function stat(random: Random): Stat {
  const kind = pick(random, [
    0,
    0,
    0,
    fileMode.directory,
    fileMode.directory,
    fileMode.symlink,
    fileMode.namedPipe,
    fileMode.socket,
    fileMode.device,
    number(random),
  ]);
  return {
    path: pick(random, paths),
    mode: (kind | pick(random, [0o644, 0o755, 0o777, 0, 0o4755])) >>> 0,
    uid: number(random),
    gid: number(random),
    size: number(random),
    modTime: BigInt(pick(random, [0, 1, -1, 1_700_000_000, number(random)])) * 1_000_000_000n,
    linkname: oneIn(random, 2) ? "" : pick(random, [...paths, "/etc/passwd", "../../../../evil"]),
    devmajor: number(random),
    devminor: number(random),
    xattrs: oneIn(random, 10)
      ? [{ name: pick(random, ["user.a", "", "trusted.b", "x"]), value: new Uint8Array(3) }]
      : [],
  };
}

/** A well ordered beginning, so that transfers get somewhere, and then anything. */
function packets(random: Random): Uint8Array {
  const writer = new PacketWriter();
  const keep = (bytes: Uint8Array | undefined) => Uint8Array.from(bytes ?? []);
  const base = { uid: 0, gid: 0, size: 3, modTime: 0n, linkname: "", devmajor: 0, devminor: 0, xattrs: [] };
  const start = [
    { ...base, path: "a", mode: 0o644 },
    { ...base, path: "d", mode: (fileMode.directory | 0o755) >>> 0 },
    { ...base, path: "d/a", mode: 0o644 },
    { ...base, path: "link", mode: (fileMode.symlink | 0o777) >>> 0, linkname: pick(random, ["d", "..", "/"]) },
  ].slice(0, random(5));
  const more = many(random, 8, () =>
    pick(random, [
      () => keep(writer.stat(stat(random))),
      () => keep(writer.stat(stat(random))),
      () => keep(writer.data(random(6), 3, (buffer, at) => buffer.write("abc", at))),
      () => keep(writer.endOfFile(random(6))),
      () => keep(writer.endOfList()),
      () => keep(writer.fin()),
      () => keep(writer.error("no")),
      () => keep(writer.request(number(random))),
    ])(),
  );
  return joinParts([...start.map((each) => keep(writer.stat(each))), ...more]);
}

function requests(random: Random): Uint8Array {
  const writer = new PacketWriter();
  return joinParts(
    many(random, 8, () =>
      Uint8Array.from(
        pick(random, [
          () => writer.request(random(8)),
          () => writer.request(number(random)),
          () => writer.fin(),
          () => writer.error("x"),
          () => writer.endOfList(),
        ])(),
      ),
    ),
  );
}

/** Lets packets arrive: a call delivers them one by one. */
async function deliver(call: LocalCall, input: Uint8Array): Promise<string> {
  for (const part of cutParts(input)) call.take(Uint8Array.from(part));
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  call.endPeer();
  const late = Bun.sleep(3000).then(() => undefined);
  const status = await Promise.race([call.finished, late]);
  if (status === undefined) throw new TypeError("a transfer without an end");
  return outline(new Error(status.message.replaceAll(/\/\S*/g, "/")));
}

/** Both sides of a transfer, below `home`, and the filters of the sending one. */
export function fsutilTargets(home: string, libc: Libc | undefined): readonly Target[] {
  const source = join(home, "source");
  mkdirSync(join(source, "d/e"), { recursive: true });
  for (const name of ["a", "b", "d/a", "d/e/f"]) writeFileSync(join(source, name), "abc");
  return [
    {
      kind: "fsutil-packet",
      seeds: cutParts(packets((below) => below - 1)),
      dictionary: [
        Uint8Array.of(0x08, 2),
        Uint8Array.of(0x12),
        Uint8Array.of(0x52, 4),
        Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
      ],
      generate: (random) => pick(random, cutParts(packets(random)).concat(new Uint8Array())),
      run: (input) =>
        tolerate(() => {
          const packet = readPacket(input);
          const again = packet.stat === undefined ? packet : readPacket(new PacketWriter().stat(wireStat(packet.stat)));
          if (packet.stat !== undefined && again.stat?.path !== packet.stat.path)
            throw new TypeError("a path that changes on its way");
        }, RangeError),
    },
    {
      kind: "fsutil-receive",
      seeds: [packets((below) => below - 1)],
      generate: packets,
      short: 60,
      run: async (input) => {
        const place = join(home, "in");
        const to = join(place, "to");
        mkdirSync(place);
        writeFileSync(join(place, "canary"), "alive");
        try {
          const failures: unknown[] = [];
          const call = new LocalCall();
          const destination = {
            path: to,
            mode: "copy",
            owner: undefined,
            libc,
            directories: new Set<string>(),
            made: new MadeEntries(to),
          } as const;
          receiveTree(call, destination, { onFailure: (error) => failures.push(error) });
          const outcome = await deliver(call, input);
          for (const failure of failures) if (!(failure instanceof LuakitError)) throw failure;
          checkPlace(place, home);
          return outcome;
        } finally {
          Bun.spawnSync(["chmod", "-R", "u+rwx", place]);
          rmSync(place, { recursive: true, force: true });
        }
      },
    },
    {
      kind: "fsutil-send",
      seeds: [requests((below) => below - 1)],
      generate: requests,
      short: 60,
      run: async (input) => {
        const call = new LocalCall();
        sendTree(call, new LocalTree(source, libc), {});
        const outcome = await deliver(call, input);
        checkSent(call.sent.map((bytes) => readPacket(bytes)));
        return outcome;
      },
    },
    {
      kind: "fsutil-patterns",
      seeds: ["a\n!b\nd/**", "**/a\n[a-c]\n\\*", "d/e/f\n../x\n!"],
      dictionary: ["!", "*", "**", "?", "[", "]", "^", "-", "\\", "/", "..", "\n", "[[:alpha:]]", "{", "(", "+", "."],
      generate: (random) =>
        textOf(random, 12, [
          "a",
          "d",
          "e",
          "/",
          "*",
          "**",
          "?",
          "[",
          "]",
          "^",
          "-",
          "\\",
          "!",
          "\n",
          "\n",
          "..",
          ".",
          "é",
        ]),
      run: (input) => {
        const lines = Buffer.from(input).toString("latin1").split("\n");
        const rules = [
          { include: lines },
          { exclude: lines },
          { followPaths: lines },
          { include: ["d"], exclude: lines, followPaths: ["a"] },
        ];
        return rules.map((each) => tolerate(() => walkAll(source, each, libc), LuakitError)).join();
      },
    },
  ];
}

function walkAll(source: string, rules: Parameters<typeof makeFilter>[1], libc: Libc | undefined): void {
  const tree = new LocalTree(source, libc);
  try {
    const walk = new Walk(tree, makeFilter(tree, rules));
    while (walk.next() !== undefined);
  } catch (error) {
    // As those do who send.
    throw fileError("file.read", "send", source, error);
  } finally {
    tree.close();
  }
}

/** As a packet holds it: numbers of 32 bits. */
function wireStat(found: Stat): Stat {
  return { ...found, size: Math.min(found.size, 2 ** 53), uid: 0, gid: 0, devmajor: 0, devminor: 0 };
}

function checkPlace(place: string, home: string): void {
  const outside = readdirSync(place).filter((name) => name !== "to" && name !== "canary");
  if (outside.length > 0) throw new TypeError(`written outside: ${outside.join()}`);
  if (readFileSync(join(place, "canary"), "utf8") !== "alive") throw new TypeError("a file outside was changed");
  for (const path of ["/evil", join(home, "evil"), "/tmp/evil"])
    if (existsSync(path)) throw new TypeError(`${path} was written`);
}

/** What was asked for comes once, and nothing else. */
function checkSent(sent: readonly Packet[]): void {
  const bytes = sent.filter(({ type }) => type === packetType.data).reduce((sum, { data }) => sum + data.length, 0);
  if (bytes > 12) throw new TypeError("a file was sent twice");
}

import { describe, expect, test } from "bun:test";
import { Packet } from "../../../src/gen/fsutil.ts";
import { toByteString } from "../../../src/session/fsutil/byte-string.ts";
import { errorText, packetType, readPacket } from "../../../src/session/fsutil/packet.ts";
import { PacketWriter } from "../../../src/session/fsutil/packet-writer.ts";
import type { Stat } from "../../../src/session/fsutil/stat.ts";

const nothing: Stat = {
  path: "",
  mode: 0,
  uid: 0,
  gid: 0,
  size: 0,
  modTime: 0n,
  linkname: "",
  devmajor: 0,
  devminor: 0,
  xattrs: [],
};

const stats: readonly (readonly [string, Stat])[] = [
  ["an empty one", nothing],
  ["a file", { ...nothing, path: "a/b.txt", mode: 0o644, size: 127, modTime: 1_700_000_000_123_456_789n }],
  ["a large file", { ...nothing, path: "a", mode: 0o644, size: 2 ** 40 + 5 }],
  ["a directory", { ...nothing, path: "d", mode: 0x800001ed, uid: 1000, gid: 2 ** 32 - 1 }],
  ["a link", { ...nothing, path: "é/😀", mode: 0x080001ff, linkname: "ü".repeat(100) }],
  ["a device", { ...nothing, path: "tty", mode: 0x04200000, devmajor: 4095, devminor: 2 ** 20 - 1 }],
  ["one of before 1970", { ...nothing, path: "old", modTime: -1n }],
  ["one of long before", { ...nothing, path: "old", modTime: -(2n ** 63n) }],
  ["one of the far future", { ...nothing, path: "new", modTime: 2n ** 63n - 1n }],
  ["a long path", { ...nothing, path: "p".repeat(4000), linkname: "l".repeat(4000) }],
  [
    "attributes",
    {
      ...nothing,
      path: "x",
      xattrs: [
        { name: "user.a", value: new Uint8Array([0, 1, 255]) },
        { name: "user.empty", value: new Uint8Array() },
        { name: "user.large", value: new Uint8Array(70_000).fill(7) },
      ],
    },
  ],
];
const times = [0n, 1n, 127n, 128n, 2n ** 28n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 56n - 1n, 2n ** 56n, 2n ** 62n];

describe("a description", () => {
  test.each(stats)("of %s is read by protobuf, and back", (_, stat) => {
    const bytes = { ...stat, path: toByteString(stat.path), linkname: toByteString(stat.linkname) };
    const written = new PacketWriter().stat(bytes);
    const xattrs = Object.fromEntries(stat.xattrs.map(({ name, value }) => [name, value]));
    expect(Packet.decode(written)).toMatchObject({ type: 0, ID: 0, stat: { ...stat, xattrs } });
    expect(readPacket(written)).toEqual({ type: 0, id: 0, stat: bytes, data: new Uint8Array() });
    expect(readPacket(Packet.encode({ stat: { ...stat, xattrs } })).stat).toEqual(bytes);
  });

  test.each(times)("keeps the time %p", (modTime) => {
    for (const time of [modTime, -modTime]) {
      const written = new PacketWriter().stat({ ...nothing, modTime: time });
      expect(Packet.decode(written).stat?.modTime).toBe(time);
      expect(readPacket(written).stat?.modTime).toBe(time);
    }
  });

  test("keeps bytes that are no UTF-8", () => {
    const written = new PacketWriter().stat({ ...nothing, path: "no\xffutf8" });
    expect(Buffer.from(written).includes(Buffer.from("no\xffutf8", "latin1"))).toBe(true);
    expect(readPacket(written).stat?.path).toBe("no\xffutf8");
  });
});

describe("a packet", () => {
  const packets = new PacketWriter();

  test.each([0, 1, 127, 128, 16_384, 2 ** 32 - 1])("has the id %d", (id) => {
    expect(Packet.decode(packets.request(id))).toMatchObject({ type: packetType.request, ID: id });
    expect(Packet.decode(packets.endOfFile(id))).toMatchObject({ type: packetType.data, ID: id });
  });

  test.each([1, 127, 128, 70_000, 300_000])("holds %d bytes of data right behind its head", (length) => {
    const packet = packets.data(9, length, (buffer, start) => {
      buffer.fill(65, start, start + length);
      return length;
    });
    const expected = { type: packetType.data, ID: 9, data: new Uint8Array(length).fill(65) };
    expect(packet && Packet.decode(packet)).toMatchObject(expected);
    expect(packet && readPacket(packet)).toMatchObject({ type: packetType.data, id: 9, data: expected.data });
  });

  test("is not made when there is nothing to read, and is shorter when there is less", () => {
    expect(packets.data(1, 100, () => 0)).toBeUndefined();
    expect(packets.data(1, 100, () => 3)).toHaveLength(9);
  });

  test("is not changed by those that are made after it", () => {
    const first = packets.request(1);
    const before = [...first];
    for (let count = 0; count < 100_000; count++) packets.request(count);
    expect([...first]).toEqual(before);
  });

  test("has memory that is used again when all before it was taken, and only then", () => {
    const waiting: (() => void)[] = [];
    const lending = new PacketWriter((callback) => waiting.push(callback));
    const fill = (value: number) =>
      lending.data(1, 200_000, (buffer, start) => buffer.fill(value, start, start + 200_000).length - start - 56_000);
    const [first, second] = [fill(1), fill(2)];
    expect(waiting).toHaveLength(1);
    for (const callback of waiting.splice(0)) callback();
    const third = fill(3);
    expect([third?.buffer === first?.buffer, third?.buffer === second?.buffer]).toEqual([true, false]);
    const fourth = fill(4);
    expect([first, second, third].some((packet) => packet?.buffer === fourth?.buffer)).toBe(false);
  });

  test("that ends a list is a message of no bytes", () => {
    expect(packets.endOfList()).toHaveLength(0);
    expect(readPacket(packets.endOfList())).toMatchObject({ type: packetType.stat, stat: undefined });
  });

  test("tells an error, and FIN", () => {
    const error = readPacket(packets.error("no spåce"));
    expect([error.type, errorText(error)]).toEqual([packetType.error, "no spåce"]);
    expect(readPacket(packets.fin()).type).toBe(packetType.fin);
  });

  test("with fields that nobody knows is read", () => {
    const known = [...packets.request(5)];
    const unknown = [0x7a, 2, 1, 1, 0x78, 0x80, 1, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7d, 1, 2, 3, 4];
    expect(readPacket(Uint8Array.from([...unknown, ...known]))).toMatchObject({ type: packetType.request, id: 5 });
  });

  test.each([[[0x22, 5, 1]], [[0x08]], [[0x12, 3, 0x0a, 9, 1]], [[0x18, ...Array(11).fill(0x80)]], [[0x0b]]])(
    "that is cut or malformed is refused: %p",
    (bytes) => {
      expect(() => readPacket(Uint8Array.from(bytes))).toThrow(RangeError);
    },
  );
});

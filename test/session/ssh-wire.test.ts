import { describe, expect, test } from "bun:test";
import { SshReader, sshBytes, sshInteger } from "../../src/session/ssh-wire.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => Buffer.from(text, "hex");

describe("RFC 4251", () => {
  test.each([
    ["", ""],
    ["00", ""],
    ["09a378f9b2e332a7", "09a378f9b2e332a7"],
    ["80", "0080"],
    ["0000ff", "00ff"],
    ["007f", "7f"],
  ])("mpint of %s is %s", (magnitude, expected) => {
    expect(hex(sshInteger(bytes(magnitude)))).toBe(expected);
  });

  test("uint32 and strings", () => {
    expect(hex(sshBytes(0xdeadbeef, "testing", bytes("00ff")))).toBe("deadbeef0000000774657374696e670000000200ff");
    const reader = new SshReader(bytes("deadbeef0000000774657374696e670000000200ff"));
    expect([reader.uint32(), reader.text(), hex(reader.data())]).toEqual([0xdeadbeef, "testing", "00ff"]);
    expect(() => reader.uint32()).toThrow(RangeError);
    expect(() => new SshReader(bytes("ffffffff00")).data()).toThrow(RangeError);
  });
});

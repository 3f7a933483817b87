import { expect, test } from "bun:test";
import { digestOf, isDigest, parseDigest } from "../../src/llb/digest.ts";

test("the digest of bytes is their sha256", () => {
  expect(digestOf(new Uint8Array())).toBe("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test.each(["sha256:", `sha256:${"A".repeat(64)}`, `sha256:${"a".repeat(63)}`, `md5:${"a".repeat(64)}`, ""])(
  "%p is no digest",
  (text) => {
    expect(isDigest(text)).toBe(false);
    expect(() => parseDigest("checksum", text)).toThrow("checksum: expected");
  },
);

test("a bare hash gets the hint to write the algorithm", () => {
  const hash = "b".repeat(64);
  try {
    parseDigest("checksum", hash);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: "llb.invalid", hint: `write "sha256:${hash}"` });
  }
});

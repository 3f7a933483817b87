import { expect, test } from "bun:test";
import { formatPlatform, parsePlatform } from "../../src/oci/platform.ts";

// The rows of containerd's own tests that have an os and an architecture.
test.each([
  ["linux/amd64", "linux/amd64"],
  ["Linux/x86_64", "linux/amd64"],
  ["linux/amd64/v1", "linux/amd64"],
  ["linux/amd64/v3", "linux/amd64/v3"],
  ["linux/aarch64", "linux/arm64"],
  ["linux/arm64/v8", "linux/arm64"],
  ["linux/arm64/8", "linux/arm64"],
  ["linux/arm64/v9.0", "linux/arm64/v9"],
  ["linux/armhf", "linux/arm/v7"],
  ["linux/armel", "linux/arm/v6"],
  ["linux/arm", "linux/arm/v7"],
  ["linux/arm/6", "linux/arm/v6"],
  ["linux/i386", "linux/386"],
  ["macOS/arm64", "darwin/arm64"],
  ["windows/amd64", "windows/amd64"],
])("%s is %s", (text, normal) => {
  expect(formatPlatform(parsePlatform(text))).toBe(normal);
});

test.each([
  "",
  "linux",
  "amd64",
  "linux/",
  "/amd64",
  "linux/arm/v7/x",
  "linux/arm/",
  "li nux/amd64",
  "linux/am*",
  "a.b/amd64",
  "linux/armhf/*",
])("%p is no platform", (text) => {
  expect(() => parsePlatform(text)).toThrow();
});

test("an architecture alone gets the hint to name the system", () => {
  try {
    parsePlatform("arm64");
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ hint: 'write "linux/arm64"' });
  }
});

import { describe, expect, test } from "bun:test";
import { acceptablePlatforms, isRunnableOn, matchPlatform } from "../../src/image/platform-match.ts";
import { formatPlatform, normalizePlatform, type Platform } from "../../src/oci/platform.ts";

function platform(text: string): Platform {
  const [os = "", architecture = "", variant] = text.split("/");
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}

describe("acceptablePlatforms", () => {
  test.each([
    ["linux/amd64", "linux/amd64 linux/386"],
    ["linux/amd64/v3", "linux/amd64/v3 linux/amd64/v2 linux/amd64 linux/386"],
    ["linux/arm", "linux/arm/v7 linux/arm/v6 linux/arm/v5"],
    ["linux/arm/v5", "linux/arm/v5"],
    ["linux/arm64", "linux/arm64 linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5"],
    [
      "linux/arm64/v8.2",
      "linux/arm64/v8.2 linux/arm64/v8.1 linux/arm64 linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5",
    ],
    ["linux/s390x", "linux/s390x"],
    ["linux/riscv64", "linux/riscv64"],
  ])("of %s, best first", (wanted, expected) => {
    expect(acceptablePlatforms(platform(wanted)).map(formatPlatform).join(" ")).toBe(expected);
  });

  test("of arm64/v9.1 take v8.6 and less", () => {
    const names = acceptablePlatforms(platform("linux/arm64/v9.1")).map(formatPlatform);
    expect(names.slice(0, 4)).toEqual(["linux/arm64/v9.1", "linux/arm64/v9", "linux/arm64/v8.6", "linux/arm64/v8.5"]);
    expect(names).toContain("linux/arm64");
  });

  test("of arm64/v9.6 stop at v8.9", () => {
    const names = acceptablePlatforms(platform("linux/arm64/v9.6")).map(formatPlatform);
    expect(names[7]).toBe("linux/arm64/v8.9");
  });
});

describe("matchPlatform", () => {
  const pick = (wanted: string, ...offered: string[]) =>
    matchPlatform(
      platform(wanted),
      offered.map((name) => ({ name, platform: name === "none" ? undefined : platform(name) })),
    )?.name;

  test.each([
    ["linux/amd64", ["linux/386", "linux/amd64"], "linux/amd64"],
    ["linux/amd64", ["linux/386"], "linux/386"],
    ["linux/amd64", ["linux/amd64/v2"], undefined],
    ["linux/amd64/v3", ["linux/amd64", "linux/amd64/v2"], "linux/amd64/v2"],
    ["linux/amd64", ["linux/x86_64"], "linux/x86_64"],
    ["linux/arm64", ["linux/arm/v7", "linux/arm64/v8"], "linux/arm64/v8"],
    ["linux/arm64", ["linux/arm/v6", "linux/arm/v7"], "linux/arm/v7"],
    ["linux/arm/v6", ["linux/arm/v7", "linux/arm/v5"], "linux/arm/v5"],
    ["linux/arm/v7", ["linux/arm"], "linux/arm"],
    ["linux/amd64", ["unknown/unknown"], undefined],
    ["linux/amd64", ["none", "linux/386"], "linux/386"],
    ["linux/amd64", ["none", "linux/s390x"], "none"],
    ["windows/amd64", ["linux/amd64", "windows/amd64"], "windows/amd64"],
    ["linux/amd64", ["linux/amd64", "linux/amd64"], "linux/amd64"],
  ])("for %s among %p takes %p", (wanted, offered, expected) => {
    expect(pick(wanted, ...offered)).toBe(expected);
  });

  test("takes the first of equals", () => {
    const entries = [1, 2].map((id) => ({ id, platform: platform("linux/amd64") }));
    expect(matchPlatform(platform("linux/amd64"), entries)?.id).toBe(1);
  });

  test("skips images that need OS features, but not win32k", () => {
    expect(isRunnableOn(platform("linux/amd64"), { ...platform("linux/amd64"), osFeatures: ["x"] })).toBe(false);
    expect(isRunnableOn(platform("windows/amd64"), { ...platform("windows/amd64"), osFeatures: ["win32k"] })).toBe(
      true,
    );
  });
});

test("normalizePlatform knows containerd's aliases", () => {
  const names = [
    ["Linux", "AMD64", "v1", "linux/amd64"],
    ["macos", "aarch64", "", "darwin/arm64"],
    ["linux", "armhf", "", "linux/arm/v7"],
    ["linux", "armel", "", "linux/arm/v6"],
    ["linux", "arm", "6", "linux/arm/v6"],
    ["linux", "arm64", "9", "linux/arm64/v9"],
    ["linux", "i386", "x", "linux/386"],
  ] as const;
  for (const [os, architecture, variant, expected] of names) {
    expect(formatPlatform(normalizePlatform({ os, architecture, variant }))).toBe(expected);
  }
});

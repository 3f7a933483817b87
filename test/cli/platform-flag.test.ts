import { expect, test } from "bun:test";
import { build } from "../../src/cli/build.ts";
import { hostPlatform } from "../../src/cli/host-platform.ts";
import { parseInput } from "../../src/cli/parse.ts";
import { readPlatforms } from "../../src/cli/platform-flag.ts";
import { formatPlatform } from "../../src/oci/platform.ts";
import { failureOf } from "../image/failure.ts";

const read = (...values: readonly string[]) =>
  readPlatforms(
    parseInput(
      build,
      values.map((value) => `--platform=${value}`),
    ),
  ).map(formatPlatform);

test("platforms are listed, each once, in their one spelling", () => {
  const values = ["linux/x86_64, linux/arm64/v8", "linux/amd64,linux/arm/v6"];
  expect(read(...values)).toEqual(["linux/amd64", "linux/arm64", "linux/arm/v6"]);
  expect(read()).toEqual([]);
});

test("local is this machine", () => {
  expect(read("local")).toEqual([formatPlatform(hostPlatform())]);
});

test.each(["arm64", "linux/", "", "linux/amd64,,linux/arm64", "linux/a b"])("%p is no platform", (wrong) => {
  const { code, message } = failureOf(() => read(wrong));
  expect([code, message.slice(0, 11)]).toEqual(["usage", "--platform:"]);
});

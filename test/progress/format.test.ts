import { expect, test } from "bun:test";
import { formatBytes, formatElapsed, formatLogTime, shortenDigests } from "../../src/progress/format.ts";

test.each([
  [0, "0B"],
  [999, "999B"],
  [1000, "1.00kB"],
  [1_234_567, "1.23MB"],
  [45e9, "45.00GB"],
  [1e21, "1000.00EB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes, 2)).toBe(text);
});

test.each([
  [-5, "0.0s"],
  [49, "0.0s"],
  [149, "0.1s"],
  [99_999, "99.9s"],
  [100_000, "1m40s"],
  [3_599_999, "59m59s"],
  [3_723_000, "1h02m03s"],
])("%d ms are %s", (milliseconds, text) => {
  expect(formatElapsed(milliseconds)).toBe(text);
});

test("log times have fewer digits the longer a step runs", () => {
  expect([85, 12_345, 123_456].map(formatLogTime)).toEqual(["0.085", "12.35", "123.5"]);
});

test("digests are shortened wherever they stand, other hexadecimal text is not", () => {
  const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
  expect(shortenDigests(`extracting ${digest}`)).toBe("extracting sha256:0123456789ab");
  expect(shortenDigests(`FROM busybox@${digest} AS a`)).toBe("FROM busybox@sha256:0123456789ab AS a");
  expect(shortenDigests("sha256:0123456789abcdef 0123456789abcdef0123456789abcdef")).toBe(
    "sha256:0123456789abcdef 0123456789abcdef0123456789abcdef",
  );
});

import { expect, test } from "bun:test";
import * as checks from "../../src/client/attribute-checks.ts";
import type { Attribute } from "../../src/client/attributes.ts";

interface Values {
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

const digest = `sha256:${"a".repeat(64)}`;

const kinds: readonly (readonly [string, Attribute, Values])[] = [
  ["text", checks.text, { right: ["", "x", " "], wrong: [] }],
  ["someText", checks.someText, { right: ["x", " "], wrong: [""] }],
  [
    "boolean",
    checks.boolean,
    {
      right: ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"],
      wrong: ["", "yes", "no", "on", "tRUE", "2", " true"],
    },
  ],
  [
    "integer",
    checks.integer,
    {
      right: ["0", "-1", "+5", "007", "9223372036854775807", "-9223372036854775808"],
      wrong: ["", "1.5", "0x10", "1_000", "x", " 1", "9223372036854775808", "+"],
    },
  ],
  ["positive", checks.positive, { right: ["1", "+4", "64"], wrong: ["0", "-1", "", "1.5", "x"] }],
  ["epoch", checks.epoch, { right: ["", "0", "1700000000", "-1"], wrong: ["now", "1.5", "2020-01-01"] }],
  ["digest", checks.digest, { right: [digest], wrong: ["", "sha256:abc", "latest", digest.toUpperCase()] }],
  [
    "duration",
    checks.duration,
    { right: ["10m", "1h30m", "1.5s", "0", "500ms"], wrong: ["", "10", "ten", "1 m", "1d"] },
  ],
  [
    "reference",
    checks.reference,
    { right: ["app", "user/app:tag", `app@${digest}`, "localhost:5000/a"], wrong: ["", "App", "a b", "app:"] },
  ],
  ["url", checks.url, { right: ["https://x/y", "http://127.0.0.1:9000"], wrong: ["", "x", "/path"] }],
  ["choice", checks.choice("min", "max"), { right: ["min", "max"], wrong: ["", "Min", "mx"] }],
];

for (const [name, attribute, { right, wrong }] of kinds) {
  test(`${name} takes ${right.map((value) => JSON.stringify(value)).join(" ")}`, () => {
    for (const value of right) expect([value, attribute.check(value)]).toEqual([value, undefined]);
  });
  test(`${name} refuses ${wrong.map((value) => JSON.stringify(value)).join(" ")}`, () => {
    for (const value of wrong) expect([value, typeof attribute.check(value)]).toEqual([value, "string"]);
  });
}

test("a choice suggests the nearest word", () => {
  expect(checks.choice("min", "max", "full").check("mix")).toBe('expected min, max or full (did you mean "min"?)');
});

test("ParseBool's words", () => {
  expect(checks.parseBoolean("t")).toBe(true);
  expect(checks.parseBoolean("False")).toBe(false);
  expect(checks.parseBoolean("yes")).toBeUndefined();
});

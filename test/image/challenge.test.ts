import { expect, test } from "bun:test";
import { parseChallenges } from "../../src/image/challenge.ts";

const read = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

test.each<[string, unknown]>([
  [
    'Bearer realm="https://a/token",service="s",scope="repository:a/b:pull,push"',
    [["bearer", { realm: "https://a/token", service: "s", scope: "repository:a/b:pull,push" }]],
  ],
  ['Basic realm="x"', [["basic", { realm: "x" }]]],
  ["Basic", [["basic", {}]]],
  ["BEARER Realm=https , SERVICE = s", [["bearer", { realm: "https", service: "s" }]]],
  [
    'Basic realm="a, b", Bearer realm="c"',
    [
      ["basic", { realm: "a, b" }],
      ["bearer", { realm: "c" }],
    ],
  ],
  ['Bearer realm="a\\"b\\\\c"', [["bearer", { realm: 'a"b\\c' }]]],
  ['Bearer realm="unfinished', [["bearer", {}]]],
  ["", []],
  ["=;", []],
])("parseChallenges(%p)", (header, expected) => {
  expect(read(header)).toEqual(expected as ReturnType<typeof read>);
});

import { expect, test } from "bun:test";
import { parseSourcePolicy, readSourcePolicy } from "../../src/client/source-policy.ts";
import { complaintOf, inFlagDirectory } from "./flags.ts";

const rule = (text: object) => JSON.stringify({ rules: [text] });
const any = { identifier: "docker-image://*" };

// What Go's encoding/json makes of the same text, where Go takes it.
test("rules are read with their words, numbers and defaults", () => {
  const text = JSON.stringify({
    version: 1,
    rules: [
      { action: "DENY", selector: any },
      {
        action: 2,
        selector: { identifier: "x", match_type: "REGEX" },
        updates: { identifier: "y", attrs: { "http.checksum": "sha256:1" } },
      },
      {
        selector: {
          identifier: "git://x",
          matchType: "EXACT",
          constraints: [{ key: "a", value: "b", condition: "NOTEQUAL" }, { key: "c" }],
        },
      },
    ],
  });
  expect<unknown>(parseSourcePolicy(text, "p.json")).toEqual({
    version: 1,
    rules: [
      { action: 1, selector: { identifier: "docker-image://*", match_type: 0, constraints: [] }, updates: undefined },
      {
        action: 2,
        selector: { identifier: "x", match_type: 2, constraints: [] },
        updates: { identifier: "y", attrs: { "http.checksum": "sha256:1" } },
      },
      {
        action: 0,
        selector: {
          identifier: "git://x",
          match_type: 1,
          constraints: [
            { key: "a", value: "b", condition: 1 },
            { key: "c", value: "", condition: 0 },
          ],
        },
        updates: undefined,
      },
    ],
  });
  expect(parseSourcePolicy("{}", "p")).toEqual({ version: 0, rules: [] });
});

test.each([
  ["", "it is not JSON"],
  ["x", "it is not JSON"],
  ["[]", "expected an object"],
  ['{"rule":[]}', 'unknown key "rule" (did you mean "rules"?)'],
  ['{"version":2}', "version: expected 1, got 2"],
  ['{"rules":{}}', "rules: expected a list"],
  ['{"rules":["DENY"]}', "rules[0]: expected an object"],
  [
    rule({ action: "deny", selector: any }),
    'rules[0].action: "deny" is none of ALLOW, DENY, CONVERT (did you mean "DENY"?)',
  ],
  [rule({ action: 3, selector: any }), "rules[0].action: 3 is none of"],
  [rule({ action: null, selector: any }), "rules[0].action: null is none of"],
  [rule({ action: "DENY" }), "rules[0]: it has no selector"],
  [rule({ action: "DENY", selector: {} }), "rules[0].selector: it has no identifier"],
  [rule({ action: "DENY", selector: { identifier: 1 } }), "rules[0].selector.identifier: expected text"],
  [rule({ action: "DENY", selectors: any }), 'rules[0]: unknown key "selectors" (did you mean "selector"?)'],
  [
    rule({ action: "DENY", selector: { ...any, match_type: "GLOB" } }),
    'match_type: "GLOB" is none of WILDCARD, EXACT, REGEX',
  ],
  [rule({ action: "DENY", selector: { ...any, match_type: 0, matchType: 0 } }), "it has both match_type and matchType"],
  [rule({ action: "DENY", selector: any, updates: { identifier: "x" } }), "an action DENY has no updates"],
  [rule({ action: "CONVERT", selector: any }), "an action CONVERT needs updates"],
  [rule({ action: "CONVERT", selector: any, updates: { attrs: [] } }), "rules[0].updates.attrs: expected an object"],
  [rule({ action: "CONVERT", selector: any, updates: { attrs: { a: 1 } } }), "rules[0].updates.attrs.a: expected text"],
  [rule({ selector: { ...any, constraints: [{ value: "b" }] } }), "rules[0].selector.constraints[0]: it has no key"],
  [
    rule({ selector: { ...any, constraints: [{ key: "a", condition: "LIKE" }] } }),
    '"LIKE" is none of EQUAL, NOTEQUAL, MATCHES',
  ],
])("%s is refused: %s", (text, complaint) => {
  const message = complaintOf(() => parseSourcePolicy(text, "p.json"));
  expect(message).toStartWith('the source policy "p.json": ');
  expect(message).toContain(complaint);
});

test("the flag's file goes before the variable's", async () => {
  const files = { flag: rule({ action: "DENY", selector: any }), variable: "{}" };
  await inFlagDirectory(files, (context) => {
    const own = { ...context, variables: { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: "variable" } };
    expect(readSourcePolicy("flag", own)?.rules).toHaveLength(1);
    expect(readSourcePolicy(undefined, own)).toEqual({ version: 0, rules: [] });
    expect(readSourcePolicy(undefined, context)).toBeUndefined();
    expect(complaintOf(() => readSourcePolicy("none", context))).toBe(
      'the source policy "none" cannot be read: it does not exist',
    );
  });
});

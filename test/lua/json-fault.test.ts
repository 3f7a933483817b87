import { expect, test } from "bun:test";
import { findJsonFault } from "../../src/lua/json-fault.ts";

test.each([
  ["", "line 1, column 1: a value is expected, not the end of the text"],
  ['{"a": 1,\n "b": }', 'line 2, column 7: a value is expected, not "}"'],
  ['{"a": 1,}', 'line 1, column 9: a key in double quotes is expected, not "}"'],
  ["{a: 1}", 'line 1, column 2: a key in double quotes or "}" is expected, not "a"'],
  ["[1, 2,]", 'line 1, column 7: a value is expected, not "]"'],
  ["[\n  1\n  2\n]", 'line 3, column 3: "," or "]" is expected, not "2"'],
  ['{"a" 1}', 'line 1, column 6: ":" is expected, not "1"'],
  ['{"a": "\u{1f600}", // why\n}', 'line 1, column 12: a key in double quotes is expected, not "/"'],
  ['{"a": 1', 'line 1, column 8: "," or "}" is expected, not the end of the text'],
  ["{} {}", 'line 1, column 4: the end is expected, not "{"'],
  ["[01]", 'line 1, column 2: a value or "]" is expected, not "01"'],
  ["[nil]", 'line 1, column 2: a value or "]" is expected, not "nil"'],
  ["'a'", `line 1, column 1: a value is expected, not "'"`],
  ['["a\n"]', "line 1, column 2: the string is not closed"],
  ['["a', "line 1, column 2: the string is not closed"],
  ['["a\tb"]', "line 1, column 4: strings have no control characters, write \\t"],
  ['["C:\\windows"]', 'line 1, column 5: this "\\" begins no escape of JSON'],
])("%j is no JSON", (text, fault) => {
  expect(findJsonFault(text)).toBe(fault);
  expect(() => JSON.parse(text)).toThrow();
});

test("every text has a fault that JSON.parse refuses, and no other", () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"\\u00e9"',
    "-1.5e3",
    "0",
    "true",
    "null",
    " ",
    "\n",
    '"',
    "\\",
    "1",
  ];
  let [seed, refused, taken] = [20261, 0, 0];
  const below = (limit: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % limit;
  };
  const valid = ['{"a":[1,{"b":null}],"c":"d"}', "[[],{},[0]]", '"text"', " 7 "];
  for (let run = 0; run < 20_000; run++) {
    const text = valid[below(valid.length)] ?? "";
    const [from, to] = [below(text.length + 1), below(3)];
    const changed = text.slice(0, from) + (below(4) === 0 ? "" : pieces[below(pieces.length)]) + text.slice(from + to);
    const fault = findJsonFault(changed);
    expect([changed, fault === undefined]).toEqual([changed, isJson(changed)]);
    if (fault === undefined) taken++;
    else refused++;
  }
  expect(Math.min(taken, refused)).toBeGreaterThan(1000);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

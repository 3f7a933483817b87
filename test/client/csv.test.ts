import { expect, test } from "bun:test";
import { formatCsv, parseCsv } from "../../src/client/csv.ts";
import { complaintOf } from "./flags.ts";

// The expected fields are those of Go's encoding/csv.
const lines: Readonly<Record<string, readonly string[]>> = {
  a: ["a"],
  "a,b": ["a", "b"],
  "a,": ["a", ""],
  ",a": ["", "a"],
  ",": ["", ""],
  " a , b ": [" a ", " b "],
  '"a"': ["a"],
  '""': [""],
  '"a,b",c': ["a,b", "c"],
  'a,"b,c"': ["a", "b,c"],
  '"a""b"': ['a"b'],
  '""""': ['"'],
  '"name=a,b",push=true': ["name=a,b", "push=true"],
  '"a\nb",c': ["a\nb", "c"],
  "a\n": ["a"],
  "a\r\n": ["a"],
  "ä,ö,🌊": ["ä", "ö", "🌊"],
  "a'b,c": ["a'b", "c"],
};

for (const [line, fields] of Object.entries(lines)) {
  test(`${JSON.stringify(line)} has the fields ${JSON.stringify(fields)}`, () => {
    expect(parseCsv("output", line)).toEqual([...fields]);
  });
}

test.each([
  ["", "--output: the value is empty"],
  ["\n", "--output: the value is empty"],
  ['a"b', "--output: there is a double quote inside a field without quotes"],
  ['a,b"', "--output: there is a double quote inside a field without quotes"],
  [' "a"', "--output: there is a double quote inside a field without quotes"],
  ['"a', "--output: a double quote is not closed"],
  ['"a""', "--output: a double quote is not closed"],
  ['"a"b', "--output: there is text after the closing double quote"],
  ['"a" ,b', "--output: there is text after the closing double quote"],
])("%j is refused: %s", (line, complaint) => {
  expect(complaintOf(() => parseCsv("output", line))).toBe(complaint);
});

test("what is formatted is read back", () => {
  for (const fields of [["a"], ["a", ""], ["a,b", 'c"d', "e\nf"], ['"'], [" "]]) {
    expect(parseCsv("output", formatCsv(fields))).toEqual(fields);
  }
});

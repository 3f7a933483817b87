import { describe, expect, test } from "bun:test";
import { expandWord } from "../../src/expand/expand.ts";
import { parseWord } from "../../src/expand/word.ts";

const variables: Readonly<Record<string, string>> = { NAME: "value", EMPTY: "", VERSION: "v1.2.3-rc.1", DIR: "/a/b/c" };

function expand(text: string, syntax = {}): string {
  return expandWord(parseWord(text, syntax), (name) => variables[name]);
}

describe("variables", () => {
  test.each([
    ["$NAME", "value"],
    ["${NAME}", "value"],
    ["a${NAME}b", "avalueb"],
    ["$NAMEX", ""],
    ["${NAME}X", "valueX"],
    ["$NAME.txt", "value.txt"],
    ["[$EMPTY][$NONE]", "[][]"],
    ["$", "$"],
    ["a$", "a$"],
    ["$ a", "$ a"],
    ["$1b", "b"],
    ["100%", "100%"],
    ["größe $NAME ☃", "größe value ☃"],
    ["$߁", ""],
  ])("%s is %s", (text, expected) => expect(expand(text)).toBe(expected));
});

describe("what may follow a name", () => {
  test.each([
    ["${NAME:-other}", "value"],
    ["${EMPTY:-other}", "other"],
    ["${EMPTY-other}", ""],
    ["${NONE:-other}", "other"],
    ["${NONE-other}", "other"],
    ["${NONE:-$NAME}", "value"],
    ["${NONE:-${EMPTY:-x}y}", "xy"],
    ["${NONE:-'a}b'}", "a}b"],
    ["${NAME:+other}", "other"],
    ["${EMPTY:+other}", ""],
    ["${EMPTY+other}", "other"],
    ["${NONE+other}", ""],
    ["${NAME:?message}", "value"],
    ["${EMPTY?message}", ""],
    ["${VERSION#v}", "1.2.3-rc.1"],
    ["${VERSION#x}", "v1.2.3-rc.1"],
    ["${DIR#*/}", "a/b/c"],
    ["${DIR##*/}", "c"],
    ["${DIR%/*}", "/a/b"],
    ["${DIR%%/*}", ""],
    ["${VERSION%-*}", "v1.2.3"],
    ["${VERSION%.?}", "v1.2.3-rc"],
    ["${VERSION#$NAME}", "v1.2.3-rc.1"],
    ["${VERSION/./_}", "v1_2.3-rc.1"],
    ["${VERSION//./_}", "v1_2_3-rc_1"],
    ["${VERSION//[0-9]/}", "v1.2.3-rc.1"],
    ["${DIR//\\//-}", "-a-b-c"],
  ])("%s is %s", (text, expected) => expect(expand(text)).toBe(expected));
});

describe("quotes and escapes", () => {
  test.each([
    ["'$NAME'", "$NAME"],
    ['"$NAME"', "value"],
    ['"a b"c', "a bc"],
    ["'a'\"b\"", "ab"],
    ["\\$NAME", "$NAME"],
    ["\\\\", "\\"],
    ["a\\ b", "a b"],
    ['"\\$NAME \\" \\n"', '$NAME " \\n'],
    ["'\\'", "\\"],
    ["a\\", "a"],
  ])("%s is %s", (text, expected) => expect(expand(text)).toBe(expected));

  test("another escape character leaves backslashes alone", () => {
    expect(expand("c:\\$NAME`$NAME", { escape: "`" })).toBe("c:\\value$NAME");
  });

  test("quotes of a heredoc are text", () => {
    expect(expand("'$NAME' \"$NAME\" \\$NAME", { quotes: false })).toBe("'value' \"value\" $NAME");
  });
});

describe("mistakes", () => {
  test.each([
    ["${NONE:?is needed}", "NONE: is needed"],
    ["${EMPTY:?}", "EMPTY: is not allowed to be empty"],
    ["${NONE?}", "NONE: is not allowed to be unset"],
    ["${NAME", '"}" is missing'],
    ["${", '"}" is missing'],
    ["${}", "a name is missing"],
    ["${NAME:x}", '":x" after a variable\'s name is unknown'],
    ["${NAME:#x}", '":#" after a variable\'s name is unknown'],
    ["${NAME:-x", '"}" is missing'],
    ["${DIR/*}", '"/" is missing'],
    ["'a", "a single quote is not closed"],
    ['"a', "a double quote is not closed"],
  ])("%s is refused: %s", (text, message) => expect(() => expand(text)).toThrow(message));
});

describe("patterns that Go's regexp has its own mind about", () => {
  test.each([
    ["${NAME//*/r}", "r"],
    ["${NAME//l*/'[$0]'}", "va[lue]"],
    ["${DIR//\\//'[$0$$$x]'}", "[/$]a[/$]b[/$]c"],
    ["${DIR/\\//'$0'}", "$0a/b/c"],
  ])("%s is %s", (text, expected) => expect(expand(text)).toBe(expected));

  test("a pattern of many stars is matched in one go", () => {
    const value = "a".repeat(200);
    const pattern = `${"*a".repeat(20)}*b`;
    expect(expandWord(parseWord(`\${A##${pattern}}\${A//${pattern}/x}`), () => value)).toBe(value + value);
  });

  test("no few words make a text that fills all memory", () => {
    const long = "a".repeat(1e6);
    const large = (text: string) => () => expandWord(parseWord(text), () => long);
    expect(large(`\${A//a/${"b".repeat(1000)}}`)).toThrow("the text with its variables is above 16 MiB");
    expect(large("$A".repeat(17))).toThrow("above 16 MiB");
    expect(large("$A".repeat(16))()).toHaveLength(16e6);
  });

  test("as many variables as one likes are read in one go", () => {
    expect(expand("$NAME".repeat(10_000))).toBe("value".repeat(10_000));
  });
});

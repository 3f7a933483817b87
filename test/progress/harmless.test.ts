import { expect, test } from "bun:test";
import {
  frameText,
  isHarmless,
  keepColors,
  oneLine,
  stripControls,
  withoutCommands,
  withoutJsonCommands,
} from "../../src/progress/harmless.ts";

const cases: readonly (readonly [what: string, text: string, stripped: string])[] = [
  ["colours", "\u001b[1;38;5;208mred\u001b[0m", "red"],
  ["cursor movements", "a\u001b[2J\u001b[H\u001b[3Ab", "ab"],
  ["private modes", "\u001b[?1049h\u001b[?25lx", "x"],
  ["a window title ended by BEL", "\u001b]0;evil\u0007x", "x"],
  ["a hyperlink ended by ST", "\u001b]8;;http://a\u001b\\link\u001b]8;;\u001b\\", "link"],
  ["a title without an end, up to the end of its line", "\u001b]0;evil\nnext", "\nnext"],
  ["device control strings", "\u001bP1$r0m\u001b\\x", "x"],
  ["short sequences", "\u001bc\u001b7\u001b(Bx", "x"],
  ["C1 controls", "\u009b31mred\u009d0;t\u009cx", "redx"],
  ["a cut sequence", "x\u001b[3", "x"],
  ["a lone escape", "x\u001b", "x"],
  ["C0 controls and DEL", "\u0000a\u0007b\u0008c\u007fd", "abcd"],
  ["what turns the direction of writing", "a\u202eb\u2066c\u200fd", "abcd"],
  ["nothing of text with tabs and newlines", "日本\té\n👩", "日本\té\n👩"],
];

test.each(cases)("stripControls takes out %s", (_, text, stripped) => {
  expect(stripControls(text)).toBe(stripped);
  expect(isHarmless(stripped)).toBe(true);
  expect(isHarmless(text)).toBe(text === stripped);
});

test("every control character is taken out", () => {
  for (let code = 0; code < 0xa0; code++) {
    const character = String.fromCharCode(code);
    const stays = character === "\t" || character === "\n" || (code >= 0x20 && code < 0x7f);
    expect(stripControls(`${character}`)).toBe(stays ? character : "");
  }
});

test("keepColors keeps SGR and nothing else", () => {
  expect(keepColors("\u001b[31mred\u001b[0m\u001b[2K\u001b]0;t\u0007\u001b[38:2::1:2:3mx\u001b[?1m")).toBe(
    "\u001b[31mred\u001b[0m\u001b[38:2::1:2:3mx",
  );
});

test("names are one line", () => {
  expect(oneLine(" RUN <<EOF\n\techo a\r\n  echo b\u2028c\nEOF\n")).toBe("RUN <<EOF echo a echo b c EOF");
});

test("text of frames has no joiners and variation selectors, which terminals measure differently", () => {
  expect(frameText("👩‍👩‍👧 ✔️ so\u00adft")).toBe("👩👩👧 ✔ soft");
});

test("a runner of GitHub Actions finds no command", () => {
  const text = "::a::b\n \t::a::b\nx ::a::b\nx##[a]b\n:: \n";
  expect(withoutCommands(text)).toBe(": :a::b\n \t: :a::b\nx ::a::b\nx# #[a]b\n: : \n");
  expect(JSON.parse(withoutJsonCommands('{"a": "##[x]"}'))).toEqual({ a: "##[x]" });
  expect(withoutJsonCommands('{"a": "##[x]"}')).not.toContain("##[");
});

import { expect } from "bun:test";

/** Everything that has made a terminal, or a runner of CI, do something; on several lines. */
export const payload = [
  "\u001b]0;owned\u0007\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\\u001b]52;c;ZXZpbA==\u0007",
  "\u001b[2J\u001b[H\u001bc\u009b2J\u009d0;owned\u009c\u0090q\u009c",
  "real\rfake\b\b\u0000\u0007\u007f\u000b\u000c",
  "\u202eturned\u202c\u2066isolated\u2069\u200f\u061c",
  "::set-output name=x::owned",
  "  ::add-mask::e",
  "x##[set-output name=x]owned",
  "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>",
  "]]>--><!--",
].join("\n");

/** The same as a Lua string. */
export const luaPayload = `"${[...payload].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join("")}"`;

/** What drives terminals or turns the direction of writing, but for tabs, newlines, and colours where we make some. */
const driving = /[^\P{Cc}\n\t]|\p{Bidi_Control}/u;

/** Fails, showing where, if a terminal would do more with it than show it. */
export function expectHarmless(text: string, what = ""): void {
  const at = text.search(driving);
  const around = at < 0 ? "" : JSON.stringify(text.slice(Math.max(0, at - 40), at + 40));
  expect(`${what}${around}`).toBe(what);
}

/** Fails if a runner of GitHub Actions would obey a line of it, but for those that luakit writes itself. */
export function expectNoCommand(text: string, what = ""): void {
  const obeyed = text.split("\n").filter((line) => /^\s*::(?!group::#|endgroup::$)/.test(line) || line.includes("##["));
  expect([what, ...obeyed]).toEqual([what]);
}

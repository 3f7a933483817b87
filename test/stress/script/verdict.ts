/** What no user may ever read: traces, JavaScript's and WebAssembly's own words, bugs that say so. */
const unseemly = [
  /luakit has a bug/,
  /\b(?:Type|Range|Reference|Syntax|Internal|Eval|Runtime|Compile|Link)Error\b/,
  /\bundefined\b/,
  /\[object \w+\]/,
  /\b(?:is not a function|is not an object|is not iterable|is not a constructor|cannot read propert)/i,
  /\b(?:wasm|WebAssembly|unreachable executed|out of bounds memory access|indirect call|call_indirect)\b/i,
  /\bMaximum call stack\b/,
  /^\s+at \S+ \(/m,
  /\.ts:\d+|node_modules|\$bunfs|\/src\/\w+\//,
  /\binternal error\b/i,
  /stack traceback:/,
];

/** The first of such words in a text. */
export function unseemlyWord(text: string): string | undefined {
  for (const pattern of unseemly) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A line that a script printed about an error which it caught: one of a call names the script's line. */
export function badErrorLine(line: string): string | undefined {
  const word = unseemlyWord(line);
  return word === undefined ? undefined : `"${word}" in: ${line.slice(0, 400)}`;
}

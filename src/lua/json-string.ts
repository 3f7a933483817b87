/** A place in JSON text, counted in UTF-16 units, and what is wrong there. */
export interface Fault {
  readonly at: number;
  readonly reason: string;
}

const stop = /["\\]|\p{Cc}/gu;
const escapeSequence = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** Where the JSON string that begins at `start` is over, or what is wrong with it. */
export function behindJsonString(source: string, start: number): number | Fault {
  let at = start + 1;
  for (;;) {
    stop.lastIndex = at;
    const found = stop.exec(source);
    const letter = found?.[0];
    if (found === null || letter === "\n") return { at: start, reason: "the string is not closed" };
    at = found.index + 1;
    if (letter === '"') return at;
    if (letter === "\\") {
      escapeSequence.lastIndex = found.index;
      if (!escapeSequence.test(source)) return { at: found.index, reason: 'this "\\" begins no escape of JSON' };
      at = escapeSequence.lastIndex;
    } else if (letter !== undefined && letter < " ") {
      return {
        at: found.index,
        reason: `strings have no control characters, write ${JSON.stringify(letter).slice(1, -1)}`,
      };
    }
  }
}

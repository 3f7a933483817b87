/** Where a part of a pattern ended in the name, or why it did not match. */
type Outcome = number | "different" | "malformed";
type Characters = readonly string[];

/**
 * Go's `filepath.Match`: `*`, `?`, sets and `\`. `malformed` only when Go says so, which does not look at the part of a
 * pattern behind a `*` when the part before it does not match already.
 */
export function matchName(pattern: string, name: string): boolean | "malformed" {
  const [letters, rest] = [[...pattern], [...name]];
  let place = 0;
  let at = 0;
  while (place < letters.length) {
    const star = letters[place] === "*";
    while (letters[place] === "*") place++;
    const end = endOfChunk(letters, place);
    if (star && end === place) return !rest.includes("/", at);
    const found = findChunk(letters.slice(place, end), rest, at, { star, last: end === letters.length });
    if (found === "malformed") return found;
    if (found === "different") return false;
    at = found;
    place = end;
  }
  return at === rest.length;
}

/** Where the next `*` is that does not stand in a set, or the end. */
function endOfChunk(letters: Characters, start: number): number {
  let inSet = false;
  for (let place = start; place < letters.length; place++) {
    const letter = letters[place];
    if (letter === "\\") place++;
    else if (letter === "[") inSet = true;
    else if (letter === "]") inSet = false;
    else if (letter === "*" && !inSet) return place;
  }
  return letters.length;
}

/** Matches a chunk at `start` or, behind a star, at the first place after it that fits. The last must use up the name. */
function findChunk(
  chunk: Characters,
  name: Characters,
  start: number,
  { star, last }: { readonly star: boolean; readonly last: boolean },
): Outcome {
  for (let at = start; ; at++) {
    const end = matchChunk(chunk, name, at);
    if (end === "malformed") return end;
    if (end !== "different" && (end === name.length || !last)) return end;
    if (!star || at >= name.length || name[at] === "/") return "different";
  }
}

/** A chunk is looked at to its end also when it does not match, as it may be malformed. */
function matchChunk(chunk: Characters, name: Characters, start: number): Outcome {
  let at = start;
  let failed = false;
  for (let place = 0; place < chunk.length; place++) {
    failed ||= at >= name.length;
    const letter = name[at] ?? "";
    if (chunk[place] === "[") {
      const set = readSet(chunk, place + 1, failed ? 0 : (letter.codePointAt(0) ?? 0));
      if (set === undefined) return "malformed";
      failed ||= !set.matches;
      place = set.end;
    } else if (chunk[place] === "?") {
      failed ||= letter === "/";
    } else {
      if (chunk[place] === "\\") place++;
      if (place >= chunk.length) return "malformed";
      failed ||= chunk[place] !== letter;
    }
    at++;
  }
  return failed ? "different" : at;
}

/** A set from behind its bracket on; undefined when it is malformed. `end` is where its last bracket is. */
function readSet(
  chunk: Characters,
  start: number,
  point: number,
): { readonly matches: boolean; readonly end: number } | undefined {
  const negated = chunk[start] === "^";
  let place = negated ? start + 1 : start;
  let matches = false;
  for (let count = 0; count === 0 || chunk[place] !== "]"; count++) {
    const low = readMember(chunk, place);
    const high = low !== undefined && chunk[low.end] === "-" ? readMember(chunk, low.end + 1) : low;
    if (low === undefined || high === undefined) return undefined;
    matches ||= low.point <= point && point <= high.point;
    place = high.end;
  }
  return { matches: matches !== negated, end: place };
}

/** One end of a range; something must follow it, as the set is still open. */
function readMember(chunk: Characters, start: number): { readonly point: number; readonly end: number } | undefined {
  if (chunk[start] === "-" || chunk[start] === "]") return undefined;
  const place = chunk[start] === "\\" ? start + 1 : start;
  const point = chunk[place]?.codePointAt(0);
  return point === undefined || place + 1 >= chunk.length ? undefined : { point, end: place + 1 };
}

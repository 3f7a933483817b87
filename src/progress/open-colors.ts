/** What each code that ends something (SGR) ends: codes from `first` to `last`. */
const ends: Readonly<Record<number, readonly [first: number, last: number][]>> = {
  22: [[1, 2]],
  23: [[3, 3]],
  24: [[4, 4]],
  27: [[7, 7]],
  28: [[8, 8]],
  29: [[9, 9]],
  39: [
    [30, 38],
    [90, 97],
  ],
  49: [
    [40, 48],
    [100, 107],
  ],
};
/** More than these are never open at once in what programs write. */
const most = 8;

/** The colour sequences that are open after `text`, when those in `before` were open at its start. */
export function openColors(before: readonly string[], text: string): string[] {
  let open = [...before];
  for (const [, parameters = ""] of text
    .split("\u001b[")
    .slice(1)
    .map((part) => /^([0-9;:]*)m/.exec(part) ?? [])) {
    const code = Number(parameters.split(/[;:]/)[0] ?? "");
    const ended = ends[code];
    if (code === 0) open = [];
    // "0;31" ends everything and begins something.
    const begins = code === 0 ? !/^[0;]*$/.test(parameters) : ended === undefined;
    open = open.filter((other) => {
      const first = Number(other.split(/[;:]/)[0]);
      return first !== code && ended?.some(([from, to]) => first >= from && first <= to) !== true;
    });
    if (begins) open.push(parameters);
  }
  return open.slice(-most);
}

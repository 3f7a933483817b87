const escapes: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const escaped = /\\(?:z\s*|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\}|(\d{1,3})|\r\n|([\s\S]))/g;

/** The value of a Lua string as it stands in a script, quotes or long brackets included. */
export function decodeString(raw: string): string {
  if (raw.charCodeAt(0) !== 91 && !raw.includes("\\")) return raw.slice(1, -1);
  const long = /^\[(=*)\[\r?\n?([\s\S]*)\]\1\]$/.exec(raw);
  if (long !== null) return long[2] ?? "";
  return raw.slice(1, -1).replace(escaped, (_, hex?: string, point?: string, decimal?: string, other?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (point !== undefined) return fromPoint(Number.parseInt(point, 16));
    if (decimal !== undefined) return String.fromCharCode(Number(decimal));
    return other === undefined ? "" : (escapes[other] ?? other);
  });
}

/** Lua takes numbers that are no characters. */
function fromPoint(point: number): string {
  return point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
}

/** The head of an HTTP/1.1 response; header names in lower case, the first of each counts. */
export interface HttpHead {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

/** The most bytes that a head may have. */
const headLimit = 64 * 1024;

/** Looks for a whole head at the start of `bytes`: gives it and its length; undefined when there is more to come. */
export function parseHttpHead(bytes: Uint8Array): { readonly head: HttpHead; readonly length: number } | undefined {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, headLimit));
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) {
    if (bytes.length >= headLimit || !"HTTP/1.".startsWith(text.slice(0, 7)))
      throw new RangeError("no HTTP/1.1 answer");
    return undefined;
  }
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(first)?.[1];
  if (status === undefined) throw new RangeError("no HTTP/1.1 answer");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { head: { status: Number(status), headers }, length: end + 4 };
}

/** A request's head. A line break in a value cannot be sent. */
export function formatHttpHead(
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[],
): Uint8Array {
  const lines = headers.map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n]/g, " ")}\r\n`);
  return new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
}

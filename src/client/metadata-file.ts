import { isObject } from "../image/json.ts";

/**
 * What exporters said, as buildctl's `--metadata-file` has it: keys in byte order, two spaces, and a value that is the
 * base64 of a JSON object with a member is that object.
 */
export function formatMetadata(response: Readonly<Record<string, string>>): string {
  const entries = Object.entries(response).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const decoded = entries.map(([key, value]) => [key, decodeObject(value) ?? value] as const);
  return JSON.stringify(Object.fromEntries(decoded), null, 2).replace(/[<>&\u2028\u2029]/g, escapeAsGo);
}

function decodeObject(value: string): Readonly<Record<string, unknown>> | undefined {
  const text = value.replace(/[\r\n]/g, "");
  if (text === "" || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  try {
    const decoded: unknown = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
    return isObject(decoded) && Object.keys(decoded).length > 0 ? decoded : undefined;
  } catch {
    // It only looks like base64.
    return undefined;
  }
}

/** Go's JSON has no character that means something to HTML. */
function escapeAsGo(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

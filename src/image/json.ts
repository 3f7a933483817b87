/** A JSON object whose members are not yet known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON object in `text`, or undefined when it is not JSON or not an object. */
export function parseObject(text: string | Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(typeof text === "string" ? text : new TextDecoder().decode(text));
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON: the caller knows whose text this is and says so.
    return undefined;
  }
}

/** The string member `key`, or undefined when it is absent, empty or of another type. */
export function textMember(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

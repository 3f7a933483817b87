/** A JSON object from outside: every member has to be looked at before it is used. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that bytes spell. Throws a SyntaxError for anything else. */
export function parseJson(bytes: Uint8Array): JsonObject {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (isObject(value)) return value;
  throw new SyntaxError("no JSON object");
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text member, empty when it is absent, as encoders leave out what is empty. Throws a SyntaxError for another type. */
export function textMember(json: JsonObject, name: string): string {
  const value = json[name] ?? "";
  if (typeof value === "string") return value;
  throw new SyntaxError(`${name} is no text`);
}

/** A number member, 0 when it is absent. Throws a SyntaxError for another type. */
export function numberMember(json: JsonObject, name: string): number {
  const value = json[name] ?? 0;
  if (typeof value === "number") return value;
  throw new SyntaxError(`${name} is no number`);
}

/** A list member, empty when it is absent. Throws a SyntaxError for another type. */
export function listMember(json: JsonObject, name: string): readonly unknown[] {
  const value = json[name] ?? [];
  if (Array.isArray(value)) return value;
  throw new SyntaxError(`${name} is no list`);
}

/** An object member, undefined when it is absent. Throws a SyntaxError for another type. */
export function objectMember(json: JsonObject, name: string): JsonObject | undefined {
  const value = json[name] ?? undefined;
  if (value === undefined || isObject(value)) return value;
  throw new SyntaxError(`${name} is no object`);
}

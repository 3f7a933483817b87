import text from "#licenses" with { type: "text" };

/** The licences of what the executable contains, with their texts; only luakit's own when run from source. */
export function licenses(): string {
  return text;
}

/** A word, number, text or sign of Lua. */
export interface LuaToken {
  readonly text: string;
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
}

const pattern =
  /--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|\[(=*)\[[\s\S]*?\]\2\]|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[A-Za-z_]\w*|0[xX](?:[pP][+-]|[\w.])*|\.?\d(?:[eE][+-]|[\w.])*|::|\S/g;

/** The tokens of a text that Lua can read, without comments. */
export function luaTokens(text: string): readonly LuaToken[] {
  return [...text.matchAll(pattern)].flatMap((match) =>
    match[0].startsWith("--") ? [] : [{ text: match[0], start: match.index }],
  );
}

/** A piece of Lua, before it is known how it fits on lines. */
export type Lua =
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "string"; readonly value: string }
  /** Text whose indentation means nothing: the lines of a shell command. */
  | { readonly type: "lines"; readonly lines: readonly string[] }
  | { readonly type: "concat"; readonly parts: readonly Lua[] }
  | { readonly type: "table"; readonly entries: readonly Entry[] }
  | { readonly type: "call"; readonly callee: string; readonly args: readonly Lua[] }
  | { readonly type: "chain"; readonly head: Lua; readonly links: readonly Link[] };

export interface Entry {
  /** Absent: an item of a list. */
  readonly key?: string | Lua | undefined;
  readonly value: Lua;
  readonly comments?: readonly string[] | undefined;
}

/** One method call of a chain. */
export interface Link {
  readonly method: string;
  readonly args: readonly Lua[];
  readonly comments: readonly string[];
}

export function code(text: string): Lua {
  return { type: "code", text };
}

export function text(value: string): Lua {
  return { type: "string", value };
}

export function call(callee: string, ...args: readonly Lua[]): Lua {
  return { type: "call", callee, args };
}

/** A list; one without items is `{}`. */
export function list(items: readonly Lua[]): Lua {
  return { type: "table", entries: items.map((value) => ({ value })) };
}

/** A table of those entries that have a value. */
export function record(entries: Readonly<Record<string, Lua | undefined>>): Lua {
  return {
    type: "table",
    entries: Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }])),
  };
}

/** Whether a table has nothing in it. */
export function isEmpty(table: Lua): boolean {
  return table.type === "table" && table.entries.length === 0;
}

/** A number or `true`, as it is written. */
export function literal(value: number | boolean): Lua {
  return code(String(value));
}

const keywords = new Set(
  "and break do else elseif end false for function goto if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

/** Whether a word can be a name in Lua. */
export function isName(word: string): boolean {
  return /^[A-Za-z_]\w*$/.test(word) && !keywords.has(word);
}

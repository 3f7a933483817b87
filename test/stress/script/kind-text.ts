import { type Kind, luaType, tags } from "../../../src/lua/kind.ts";
import type { Choice } from "./choice.ts";
import { likelyValues } from "./dictionary.ts";
import { oddText, oddValue } from "./odd-value.ts";

/** Where a value is wanted, and what there is to give. */
export interface Place {
  readonly choice: Choice;
  /** The function that is called. */
  readonly fn: string;
  /** The parameter, or the option of one. */
  readonly name: string;
  /** How many values in a hundred are not what is wanted. */
  readonly odd: number;
  /** A handle of a type that a script has, as an expression. */
  readonly handle: (type: string) => string;
  readonly depth: number;
}

/** A value of a kind as a Lua expression; where nothing better is known, the kind itself says what it is made of. */
export function kindText(kind: Kind<unknown>, place: Place): string {
  const { choice, odd, fn, name, depth } = place;
  if (odd > 0 && choice.percent(odd)) return oddValue(choice);
  if (depth > 4) return "nil";
  const likely = likelyValues(fn, name);
  if (likely.length > 0 && choice.percent(75)) return choice.any(likely) ?? "nil";
  if (kind.words !== undefined) return JSON.stringify(choice.any(kind.words) ?? "");
  if (kind.handleName !== undefined) return place.handle(kind.handleName);
  if (kind.fields !== undefined) return fieldsText(kind, place);
  const parts = kind.parts ?? [];
  const [part] = parts;
  if (part === undefined) return leafText(kind, place);
  // The dictionary knows the whole value by its name, not its parts.
  const inner = { ...place, name: "", depth: depth + 1 };
  if (kind.type === `${part.type}[]` || kind.type === `(${part.type})[]`) {
    return `{${choice.several(choice.percent(5) ? 0 : 1, 3, () => kindText(part, inner)).join(", ")}}`;
  }
  if (kind.type === `table<string, ${part.type}>`) return mapText(part, inner);
  return kindText(choice.any(parts) ?? part, place);
}

function fieldsText(kind: Kind<unknown>, place: Place): string {
  const { choice, depth } = place;
  const fields = Object.entries(kind.fields ?? {});
  const wanted = choice.percent(10) ? fields.length : 3;
  const items = fields.flatMap(([name, field]) => {
    if (field.required !== true && choice.below(fields.length) >= wanted) return [];
    // Of nested options only the outermost are known to the dictionary under the function's name.
    return [`${name} = ${kindText(field.kind, { ...place, name, depth: depth + 1 })}`];
  });
  return `{${items.join(", ")}}`;
}

function mapText(part: Kind<unknown>, place: Place): string {
  const { choice } = place;
  const keys = ["a", "B_1", "x.y", "\u00e9", "linux/amd64", "linux/arm64"];
  const items = choice.several(0, 3, () => `[${JSON.stringify(choice.any(keys) ?? "a")}] = ${kindText(part, place)}`);
  return `{${items.join(", ")}}`;
}

function leafText(kind: Kind<unknown>, { choice, handle, odd }: Place): string {
  const able = (type: number) => (kind.accepts & tags(type)) !== 0;
  if (able(luaType.function)) return callbackText(kind, handle, choice);
  if (able(luaType.table)) return choice.pick(['{a = {1, 2, "x"}}', "{}", '"x"', "json.null", "1"]);
  if (able(luaType.boolean)) return choice.pick(["true", "false"]);
  if (able(luaType.number)) return choice.pick(["0", "1", "7", "255", "4096", "2.0"]);
  if (able(luaType.string))
    return odd > 0 && choice.percent(30) ? oddText(choice) : choice.pick(['"a"', '"b c"', '"/x"', '"1.2"']);
  return "nil";
}

function callbackText({ type }: Kind<unknown>, handle: (type: string) => string, choice: Choice): string {
  if (!type.includes("Files")) return `function() return ${handle("State")}, {cmd = {"true"}} end`;
  const operations = [
    'f:mkdir("/d", {make_parents = true})',
    'f:mkfile("/f", "x")',
    `f:copy(${handle("State")}, "/", "/copied/")`,
    'f:rm("/f", {allow_not_found = true})',
    'f:symlink("/f", "/l" .. #S)',
  ];
  return `function(f) ${choice.several(1, 4, () => choice.any(operations)).join(" ")} end`;
}

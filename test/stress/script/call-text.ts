import type { ApiFunction } from "../../../src/api/define.ts";
import { isOptional } from "../../../src/api/describe.ts";
import { kindText, type Place } from "./kind-text.ts";
import { oddValue } from "./odd-value.ts";

type Surroundings = Omit<Place, "fn" | "name" | "depth">;

/** A call of a function of the API with values for its parameters. `self` is what a method is called on. */
export function callText(fn: ApiFunction, around: Surroundings, self?: string): string {
  const { choice, odd } = around;
  const args: string[] = [];
  for (const { name, kind, rest, skippable } of fn.params) {
    const place = { ...around, fn: fn.name, name, depth: 0 };
    if (skippable === true && choice.percent(50)) continue;
    if (rest === true) args.push(...choice.several(fn.name === "bk.merge" ? 2 : 0, 4, () => kindText(kind, place)));
    else if (isOptional(kind) && choice.percent(40)) args.push("nil");
    else args.push(kindText(kind, place));
  }
  while (args.at(-1) === "nil") args.pop();
  if (choice.percent(odd)) args.splice(choice.below(args.length + 1), 1);
  if (choice.percent(odd)) args.splice(choice.below(args.length + 1), 0, oddValue(choice));
  const member = fn.name.slice(fn.name.indexOf(":") + 1);
  return fn.self === undefined ? `${fn.name}(${args.join(", ")})` : `${self ?? "S[1]"}:${member}(${args.join(", ")})`;
}

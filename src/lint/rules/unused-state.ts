import { findLiveness } from "../liveness.ts";
import type { ApiCall } from "../record-calls.ts";
import type { Mark, Problem, Rule } from "../rule.ts";
import type { ScriptText } from "../script-text.ts";

export const unusedState: Rule = {
  id: "unused-state",
  severity: "warning",
  summary: "a State or a Mount is made that no result is made from",
  *check({ calls, ownCalls, targets, texts, isWhole }): Iterable<Problem> {
    if (!isWhole) return;
    const { live, unused } = findLiveness(calls, targets);
    if (unused.length === 0) return;
    const own = new Set(ownCalls);
    const used = new Set(ownCalls.flatMap((call) => (live.has(call) ? [placeOf(call)] : [])));
    for (const call of unused) {
      const { location, name } = call;
      if (!own.has(call) || location === undefined || used.has(placeOf(call)) || isKept(location, texts)) continue;
      used.add(placeOf(call));
      const what = call.mount === undefined ? "State" : "Mount";
      const word = name.slice(name.search(/[.:]/) + 1);
      const hint =
        what === "State"
          ? "States never change: go on with what the call gives"
          : "put it into the list mounts of a run";
      yield { message: `nothing uses the ${what} that "${word}" gives`, hint, at: location };
    }
  },
};

/** One place in a script, however often it is reached: a loop may use what only some of its rounds made. */
function placeOf({ name, location }: ApiCall): string {
  if (location === undefined) return name;
  const { source, line } = location;
  return `${source.name}:${line}:${name}`;
}

/** Whether the value is in a variable or table that other parts of the script know: they may use it another time. */
function isKept(location: Mark, texts: readonly ScriptText[]): boolean {
  for (let at: Mark | undefined = location; at !== undefined; at = at.caller) {
    const { source, line } = at;
    const text = texts.find(({ file }) => file === source);
    if (text !== undefined && keepsLine(text, line)) return true;
  }
  return false;
}

function keepsLine(text: ScriptText, line: number): boolean {
  const holder = text.statementAt(line);
  if (holder === undefined) return false;
  if (holder.type === "ReturnStatement") return holder.arguments.some(({ type }) => type === "Table");
  if (holder.type === "AssignmentStatement") {
    return holder.variables.some((variable) => variable.type !== "Identifier" || text.countOf(variable.name) > 2);
  }
  return holder.type === "LocalStatement" && holder.variables.some((name) => text.countOf(name) > 1);
}

import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { parseDuration } from "../image/duration.ts";

/** Which cache records are meant. */
export interface UsageFilter {
  /** In containerd's syntax; a record must match all of them. */
  readonly terms: readonly string[];
  /** Nanoseconds since the last use, at least. */
  readonly age?: number | undefined;
}

const fields = ["id", "parents", "description", "type", "inuse", "mutable", "immutable", "shared", "private"];
const ages = ["until", "unused-for"];

/**
 * Reads values of `--filter`, written for docker (`type=regular`, `id=abc` for a part of it, `until=24h`, `shared`) or for
 * buildctl (`type==regular`, `description~=apt`). Throws "usage".
 */
export function parseUsageFilter(values: readonly string[]): UsageFilter {
  const terms: string[] = [];
  let age: number | undefined;
  for (const value of values) {
    for (const term of splitTerms(value)) {
      const [, field = "", operator = "", operand = ""] = /^([^=!~]*)(==|~=|!=|=)?(.*)$/s.exec(term) ?? [];
      checkField(field, term);
      if (!ages.includes(field)) terms.push(formatTerm(field, operator, operand));
      else if (age === undefined) age = parseTermAge(operand, term);
      else throw new LuakitError("usage", `--filter: ${field} is given twice`);
    }
  }
  return { terms, age };
}

/** buildctl's terms may stand in one value, with commas. */
function splitTerms(value: string): readonly string[] {
  return value.match(/(?:"(?:[^"\\]|\\.)*"|[^,"]|")+/g) ?? [""];
}

function checkField(field: string, term: string): void {
  const known = [...fields, ...ages];
  if (known.includes(field)) return;
  const hint = `fields: ${known.join(", ")}`;
  throw new LuakitError("usage", `--filter: "${term}" has no known field${didYouMean(field, known)}`, { hint });
}

function formatTerm(field: string, operator: string, operand: string): string {
  if (operator === "") return field;
  const compare = operator === "=" ? (field === "id" ? "~=" : "==") : operator;
  return `${field}${compare}${quote(operand)}`;
}

/** Words need no quotes in containerd's filters; what is quoted already stays so. */
function quote(operand: string): string {
  return /^([\w.:/-]+|".*")$/s.test(operand) ? operand : JSON.stringify(operand);
}

function parseTermAge(text: string, term: string): number {
  try {
    return parseAge(text);
  } catch (cause) {
    if (!(cause instanceof LuakitError)) throw cause;
    throw new LuakitError("usage", `--filter: "${term}" needs a duration: ${cause.message}`, {
      hint: "write until=24h",
      cause,
    });
  }
}

/** Nanoseconds of a duration that lies in the past, `24h`. Throws a LuakitError. */
export function parseAge(text: string): number {
  const nanoseconds = parseDuration(text);
  if (nanoseconds >= 0) return nanoseconds;
  throw new LuakitError("usage", `the duration "${text}" is below zero`);
}

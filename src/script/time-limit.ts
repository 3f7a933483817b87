import { LuakitError } from "../diagnostic/luakit-error.ts";

/** Milliseconds that a script may run for unless its user says otherwise. */
export const defaultTimeLimit = 30_000;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `500ms`, `30s`, `1m30s`, or of seconds as a bare number; `option` is what the user wrote it for. */
export function parseTimeLimit(option: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    throw new LuakitError("usage", `${option}: "${text}" is not a duration`, { hint: "write 30s or 2m" });
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total += Number(amount) * (units[unit ?? ""] ?? 0);
  if (total <= 0) throw new LuakitError("usage", `${option}: it must be more than nothing`);
  return total;
}

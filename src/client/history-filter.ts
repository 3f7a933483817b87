import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { parseDuration } from "../image/duration.ts";
import type { BuildRecord } from "./build-record.ts";

/** Whether a build is meant. `now` is milliseconds since 1970. */
export type HistoryFilter = (record: BuildRecord, now: number) => boolean;

export function matchesAll(record: BuildRecord, filters: readonly HistoryFilter[], now: number): boolean {
  return filters.every((filter) => filter(record, now));
}

const textFields = {
  ref: ({ ref }: BuildRecord) => ref,
  repository: ({ attributes }: BuildRecord) => attributes["vcs:source"] ?? attributes.context ?? "",
  status: ({ status }: BuildRecord) => status,
} as const;

const numberFields = {
  startedAt: ({ createdAt }: BuildRecord) => createdAt,
  completedAt: ({ completedAt }: BuildRecord) => completedAt,
  duration: ({ createdAt, completedAt }: BuildRecord) =>
    createdAt === undefined || completedAt === undefined ? undefined : completedAt - createdAt,
} as const;

const statuses = ["running", "completed", "error", "canceled"];

/**
 * Reads a value of `--filter` as docker buildx has it: `status=error`, `ref!=…`, `repository=…` (a part is enough),
 * `startedAt>=2026-11-22T10:00:00Z`, `completedAt<24h` (that long ago), `duration>30s`. Throws "usage".
 */
export function parseHistoryFilter(text: string): HistoryFilter {
  const [, field = "", operator = "", operand = ""] = /^(\w+)(!=|<=|>=|==|=|<|>)(.*)$/s.exec(text) ?? [];
  if (isKey(textFields, field)) return textFilter(textFields[field], field, operator, operand, text);
  if (isKey(numberFields, field)) return numberFilter(numberFields[field], field, operator, operand, text);
  const known = [...Object.keys(textFields), ...Object.keys(numberFields)];
  const name = /^\w*/.exec(text)?.[0] ?? "";
  if (known.includes(name)) throw invalid(text, "has no operator", `write ${name}=VALUE`);
  throw invalid(text, `has no known field${didYouMean(name, known)}`, `fields: ${known.join(", ")}`);
}

function isKey<T extends object>(table: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(table, key);
}

function textFilter(
  read: (record: BuildRecord) => string,
  field: keyof typeof textFields,
  operator: string,
  operand: string,
  text: string,
): HistoryFilter {
  if (field === "status" && !statuses.includes(operand)) {
    throw invalid(text, `names no status${didYouMean(operand, statuses)}`, `one of: ${statuses.join(", ")}`);
  }
  if (operator === "!=") return (record) => read(record) !== operand;
  if (operator !== "=" && operator !== "==") throw invalid(text, `cannot compare ${field} with ${operator}`);
  const exact = field === "status" || operator === "==";
  return (record) => (exact ? read(record) === operand : read(record).includes(operand));
}

function numberFilter(
  read: (record: BuildRecord) => number | undefined,
  field: keyof typeof numberFields,
  operator: string,
  operand: string,
  text: string,
): HistoryFilter {
  const limitAt = field === "duration" ? readMilliseconds(operand, text) : readTime(operand, text);
  const compare = comparisons[operator];
  if (compare === undefined) throw invalid(text, `compares ${field} with ${operator}`, "use <, <=, > or >=");
  return (record, now) => {
    const value = read(record);
    return value !== undefined && compare(value, limitAt(now));
  };
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

/** A time, or a duration before now. */
function readTime(operand: string, text: string): (now: number) => number {
  const time = /^\d{4}-/.test(operand) ? Date.parse(operand) : Number.NaN;
  if (!Number.isNaN(time)) return () => time;
  const ago = readMilliseconds(operand, text)();
  return (now) => now - ago;
}

function readMilliseconds(operand: string, text: string): () => number {
  try {
    const milliseconds = parseDuration(operand) / 1e6;
    return () => milliseconds;
  } catch (cause) {
    if (!(cause instanceof LuakitError)) throw cause;
    throw new LuakitError("usage", `--filter: "${text}" needs a time or a duration: ${cause.message}`, {
      hint: "write 2026-11-22T10:00:00Z or 24h",
      cause,
    });
  }
}

function invalid(text: string, why: string, hint?: string): LuakitError {
  return new LuakitError("usage", `--filter: "${text}" ${why}`, { hint });
}

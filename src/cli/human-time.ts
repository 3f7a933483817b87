const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const ages: readonly (readonly [unit: string, seconds: number, until: number])[] = [
  ["second", 1, minute],
  ["minute", minute, hour],
  ["hour", hour, 2 * day],
  ["day", day, 14 * day],
  ["week", 7 * day, 60 * day],
  ["month", 30 * day, 730 * day],
  ["year", 365 * day, Number.POSITIVE_INFINITY],
];

/** How long ago a time was: `3 hours ago`. Both in milliseconds since 1970; empty for no time. */
export function formatAge(time: number | undefined, now: number): string {
  if (time === undefined) return "";
  const seconds = Math.max(0, (now - time) / 1000);
  const [unit, length] = ages.find(([, , until]) => seconds < until) ?? ["second", 1];
  const count = Math.floor(seconds / length);
  if (unit === "second" && count < 1) return "just now";
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

/** A time as people here read it, with seconds and the offset from UTC: `2026-11-22 15:30:12 +0100`. */
export function formatTime(time: number | undefined): string {
  if (time === undefined) return "";
  const date = new Date(time);
  const offset = -date.getTimezoneOffset();
  const local = new Date(time + offset * 60_000).toISOString();
  const absolute = Math.abs(offset);
  const zone = `${Math.floor(absolute / 60)}`.padStart(2, "0") + `${absolute % 60}`.padStart(2, "0");
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${offset < 0 ? "-" : "+"}${zone}`;
}

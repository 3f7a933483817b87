/** Functions that WebAssembly imports. */
export type HostFunctions = Record<string, (...args: never[]) => unknown>;

/** Places of `struct tm` fields, in ints. */
const field = {
  second: 0,
  minute: 1,
  hour: 2,
  day: 3,
  month: 4,
  year: 5,
  weekday: 6,
  yearDay: 7,
  daylight: 8,
} as const;

/**
 * The C library's clock. Local time is UTC: a script gives the same build on every machine.
 * `now` is in milliseconds since the epoch.
 */
export function clockImports(buffer: () => ArrayBufferLike, now: () => number): HostFunctions {
  const toFields = (seconds: bigint, pointer: number): void => writeFields(buffer(), pointer, Number(seconds));
  return {
    emscripten_date_now: now,
    _emscripten_get_now_is_monotonic: () => 0,
    _gmtime_js: toFields,
    _localtime_js: toFields,
    _tzset_js: () => undefined,
    _mktime_js(pointer: number): bigint {
      const [second = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0] = new Int32Array(buffer(), pointer, 6);
      const date = new Date(0);
      date.setUTCFullYear(year + 1900, month, day);
      date.setUTCHours(hour, minute, second);
      const seconds = Math.floor(date.getTime() / 1000);
      if (Number.isNaN(seconds)) return -1n;
      writeFields(buffer(), pointer, seconds);
      return BigInt(seconds);
    },
    strftime(target: number, size: number, format: number, pointer: number): number {
      const memory = new Uint8Array(buffer());
      const pattern = Buffer.from(memory.subarray(format, memory.indexOf(0, format))).toString("latin1");
      const text = Buffer.from(formatDate(pattern, new Int32Array(buffer(), pointer, 9)), "latin1");
      if (text.length + 1 > size) return 0;
      memory.set(text, target);
      memory[target + text.length] = 0;
      return text.length;
    },
  };
}

function writeFields(buffer: ArrayBufferLike, pointer: number, seconds: number): void {
  const date = new Date(seconds * 1000);
  const tm = new Int32Array(buffer, pointer, 9);
  tm[field.second] = date.getUTCSeconds();
  tm[field.minute] = date.getUTCMinutes();
  tm[field.hour] = date.getUTCHours();
  tm[field.day] = date.getUTCDate();
  tm[field.month] = date.getUTCMonth();
  tm[field.year] = date.getUTCFullYear() - 1900;
  tm[field.weekday] = date.getUTCDay();
  tm[field.yearDay] = Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);
  tm[field.daylight] = 0;
}

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

/** C99 `strftime` in the C locale, for the conversions that `os.date` lets through. */
function formatDate(pattern: string, tm: Int32Array): string {
  const at = (place: number): number => tm[place] ?? 0;
  const pad = (value: number, width = 2, fill = "0"): string => String(value).padStart(width, fill);
  const again = (inner: string): string => formatDate(inner, tm);
  const year = at(field.year) + 1900;
  const hour12 = at(field.hour) % 12 === 0 ? 12 : at(field.hour) % 12;
  const week = (first: number): number =>
    Math.floor((at(field.yearDay) + 7 - ((at(field.weekday) + 7 - first) % 7)) / 7);
  const conversions: Record<string, () => string> = {
    a: () => (days[at(field.weekday)] ?? "").slice(0, 3),
    A: () => days[at(field.weekday)] ?? "",
    b: () => (months[at(field.month)] ?? "").slice(0, 3),
    B: () => months[at(field.month)] ?? "",
    c: () => again("%a %b %e %H:%M:%S %Y"),
    C: () => pad(Math.floor(year / 100)),
    d: () => pad(at(field.day)),
    D: () => again("%m/%d/%y"),
    e: () => pad(at(field.day), 2, " "),
    F: () => again("%Y-%m-%d"),
    g: () => pad(isoWeek(year, tm).year % 100),
    G: () => String(isoWeek(year, tm).year),
    h: () => again("%b"),
    H: () => pad(at(field.hour)),
    I: () => pad(hour12),
    j: () => pad(at(field.yearDay) + 1, 3),
    m: () => pad(at(field.month) + 1),
    M: () => pad(at(field.minute)),
    n: () => "\n",
    p: () => (at(field.hour) < 12 ? "AM" : "PM"),
    r: () => again("%I:%M:%S %p"),
    R: () => again("%H:%M"),
    S: () => pad(at(field.second)),
    t: () => "\t",
    T: () => again("%H:%M:%S"),
    u: () => String(at(field.weekday) === 0 ? 7 : at(field.weekday)),
    U: () => pad(week(0)),
    V: () => pad(isoWeek(year, tm).week),
    w: () => String(at(field.weekday)),
    W: () => pad(week(1)),
    x: () => again("%m/%d/%y"),
    X: () => again("%H:%M:%S"),
    y: () => pad(year % 100),
    Y: () => String(year),
    z: () => "+0000",
    Z: () => "UTC",
    "%": () => "%",
  };
  return pattern.replace(/%[EO]?(.)/g, (all, letter: string) => conversions[letter]?.() ?? all);
}

function isoWeek(year: number, tm: Int32Array): { year: number; week: number } {
  const weekday = ((tm[field.weekday] ?? 0) + 6) % 7;
  const thursday = new Date(Date.UTC(year, tm[field.month] ?? 0, (tm[field.day] ?? 1) - weekday + 3));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return { year: thursday.getUTCFullYear(), week: 1 + Math.floor((thursday.getTime() - first) / (7 * 86_400_000)) };
}

const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/** A number of bytes in decimal units, `digits` after the point unless it is less than 1 kB: `512B`, `12.30MB`. */
export function formatBytes(bytes: number, digits: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(digits)}${units[unit]}`;
}

/** Milliseconds as people read them: `0.4s`, `12.3s`, `2m05s`, `1h02m03s`. */
export function formatElapsed(milliseconds: number): string {
  const tenths = Math.floor(Math.max(0, milliseconds) / 100);
  if (tenths < 1000) return `${(tenths / 10).toFixed(1)}s`;
  const seconds = Math.floor(tenths / 10);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${two(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m${two(seconds % 60)}s`;
}

/** Seconds since a step began as log lines have them: three digits below 10 s, two below 100 s, then one. */
export function formatLogTime(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds.toFixed(seconds < 10 ? 3 : seconds < 100 ? 2 : 1);
}

/** Digests in `text` with the twelve digits that tell them apart. */
export function shortenDigests(text: string): string {
  return text.replace(/\b(sha(?:256|384|512):[0-9a-f]{12})[0-9a-f]{20,}/g, "$1");
}

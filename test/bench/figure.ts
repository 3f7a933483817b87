/** A number of seconds, as long as it is precise. */
export function duration(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  const milliseconds = seconds * 1000;
  return `${milliseconds.toFixed(milliseconds >= 100 ? 0 : 1)} ms`;
}

export function bytes(count: number): string {
  return `${(count / 1e6).toFixed(0)} MB`;
}

export function ratio(number: number): string {
  return number >= 10 ? number.toFixed(0) : number.toFixed(2);
}

export function value(unit: "seconds" | "bytes", number: number): string {
  return unit === "seconds" ? duration(number) : bytes(number);
}

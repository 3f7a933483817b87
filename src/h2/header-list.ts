/** Fields in the order of the wire, names in lower case, repetitions kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** The value of the first field called `name`. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  for (const [key, value] of headers) if (key === name) return value;
  return undefined;
}

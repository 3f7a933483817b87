/** The tag and length that come before `length` bytes in the bytes field `number` (1 to 15) of a message. */
export function bytesField(number: number, length: number): Uint8Array {
  const header = [number * 8 + 2];
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) header.push((rest % 0x80) + 0x80);
  return Uint8Array.from([...header, rest]);
}

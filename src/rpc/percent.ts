// A mark of the byte order is part of the text.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of a `grpc-message`, which is percent-encoded UTF-8; what is not well encoded stays as it is. */
export function decodePercent(value: string): string {
  if (!value.includes("%")) return value;
  return value.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    return decoder.decode(Uint8Array.fromHex(run.replaceAll("%", "")));
  });
}

/** Text as `grpc-message` has it: only printable ASCII without `%`. */
export function encodePercent(text: string): string {
  return text.toWellFormed().replace(/[^ -$&-~]+/g, (run) => {
    const hex = new TextEncoder().encode(run).toHex().toUpperCase();
    return hex.replace(/../g, "%$&");
  });
}

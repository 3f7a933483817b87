import { BytesMessage } from "../gen/control.ts";

/** The tag of `data`, the only field of BuildKit's BytesMessages. */
export const bytesMessageTag = 0x0a;

/** The data of a BytesMessage, as a view of it when they are all that there is. */
export function bytesMessageData(message: Uint8Array): Uint8Array {
  if (message[0] === bytesMessageTag) {
    let length = 0;
    let at = 1;
    let byte = 0x80;
    for (let shift = 0; byte >= 0x80 && at <= 5; shift += 7) {
      byte = message[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
    }
    if (at + length === message.length) return message.subarray(at);
  }
  return BytesMessage.decode(message).data;
}

/** The types of the ssh-agent protocol that a build has to do with. */
export const agentMessage = {
  failure: 5,
  requestIdentities: 11,
  identities: 12,
  signRequest: 13,
  signResponse: 14,
} as const;

/** The most bytes that a message may have; OpenSSH's agent says the same. */
const messageLimit = 256 * 1024;

/** An agent's answer to what it does not do. */
export const agentFailure: Uint8Array = Uint8Array.of(0, 0, 0, 1, agentMessage.failure);

/** The type of a whole message with its length in front. */
export function typeOfMessage(message: Uint8Array): number {
  return message[4] ?? 0;
}

/** A message with its length in front. */
export function makeMessage(type: number, body: Uint8Array): Uint8Array {
  const message = new Uint8Array(5 + body.length);
  new DataView(message.buffer).setUint32(0, 1 + body.length);
  message[4] = type;
  message.set(body, 5);
  return message;
}

/** Cuts a stream of bytes into messages, each with its length in front. */
export class MessageSplitter {
  #rest: Uint8Array = new Uint8Array();

  /** The messages that `bytes` complete, copied. Throws a RangeError for one that is empty or beyond 256 KiB. */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const messages: Uint8Array[] = [];
    for (;;) {
      const length = this.#lengthOfFirst();
      if (length === undefined || this.#rest.length < length) return messages;
      messages.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
  }

  #lengthOfFirst(): number | undefined {
    const { buffer, byteOffset, byteLength } = this.#rest;
    if (byteLength < 4) return undefined;
    const length = new DataView(buffer, byteOffset).getUint32(0);
    if (length === 0 || length > messageLimit) throw new RangeError(`an agent message of ${length} bytes`);
    return 4 + length;
  }
}

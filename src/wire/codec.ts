import { decodeMessage, emptyMessage } from "./decode.ts";
import { encodeMessage } from "./encode.ts";

/** What one field carries: its proto3 type, where every integer type is `integer` but the few that need all 64 bits. */
export type FieldKind = "text" | "bytes" | "flag" | "unsigned" | "integer" | "long" | "message";

/** A `numbered` map has integers as keys. `plain` is left out when it is empty, `optional` (a message, a member of a oneof) only when it is undefined. */
export type FieldShape = "plain" | "optional" | "list" | "map" | "numbered";

/** A field as generated code describes it; of a map this is the value. */
export type Field = readonly [
  number: number,
  name: string,
  kind: FieldKind,
  shape: FieldShape,
  message?: () => FieldList,
];

/** What has fields: a codec. */
export interface FieldList {
  readonly fields: readonly Field[];
  /** A message of which nothing was said. */
  readonly empty: Fields;
}

/** Fields by name, as `decode` gives them. */
export type Fields = Record<string, unknown>;

/** A message to encode: each field may be left out, and a message may be given as its bytes. */
export type Init<T> = { readonly [K in keyof T]?: InitOf<T[K]> | undefined };

type InitOf<T> = T extends Uint8Array | string | number | bigint | boolean | undefined
  ? T
  : T extends readonly (infer E)[]
    ? readonly InitOf<E>[]
    : string extends keyof T
      ? { readonly [K in keyof T]: InitOf<T[K]> }
      : Init<T> | Uint8Array;

/** One message type on the wire. `decode` fills what is absent with its default; malformed bytes throw a RangeError. */
export interface Codec<T> extends FieldList {
  encode(message: Init<T>): Uint8Array<ArrayBuffer>;
  decode(bytes: Uint8Array): T;
}

/** A gRPC method: its path and its two messages. */
export interface Method<I, O> {
  readonly path: string;
  readonly request: Codec<I>;
  readonly response: Codec<O>;
}

/** Makes the codec of a message from its fields, in the order of their numbers; they are described when first used. */
export function message<T>(describe: () => readonly Field[]): Codec<T> {
  return new MessageCodec(describe);
}

// Hundreds of these are made when a program starts, and it uses a few.
class MessageCodec<T> implements Codec<T> {
  private readonly describe: () => readonly Field[];
  private described: readonly Field[] | undefined;
  private blank: Fields | undefined;

  constructor(describe: () => readonly Field[]) {
    this.describe = describe;
  }

  get fields(): readonly Field[] {
    this.described ??= this.describe();
    return this.described;
  }

  get empty(): Fields {
    this.blank ??= emptyMessage(this.fields);
    return this.blank;
  }

  encode(init: Init<T>): Uint8Array<ArrayBuffer> {
    return encodeMessage(this.fields, init);
  }

  decode(bytes: Uint8Array): T {
    return decodeMessage<T>(this, bytes);
  }
}

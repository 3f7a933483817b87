import type { Field, Fields } from "./codec.ts";
import { Writer } from "./writer.ts";

/** The bytes of a message; fields with no value are left out. */
export function encodeMessage(fields: readonly Field[], message: object): Uint8Array<ArrayBuffer> {
  const writer = new Writer(256);
  writeFields(writer, fields, message as Fields);
  return writer.view(0);
}

function writeFields(writer: Writer, fields: readonly Field[], message: Fields): void {
  for (const field of fields) {
    const value = message[field[1]];
    if (value !== undefined) writeField(writer, field, value);
  }
}

function writeField(writer: Writer, field: Field, value: unknown): void {
  const [number, , kind, shape] = field;
  if (shape === "map" || shape === "numbered") {
    for (const [key, entry] of Object.entries(value as Fields)) {
      const mark = writer.begin(number);
      if (shape === "map") writer.textEvenEmpty(1, key);
      else writer.numberEvenZero(1, Number(key));
      writeValue(writer, 2, field, entry);
      writer.end(mark);
    }
  } else if (shape === "list") {
    if (kind === "integer" || kind === "unsigned") writer.packed(number, value as number[]);
    else for (const element of value as unknown[]) writeValue(writer, number, field, element);
  } else if (shape === "optional" || !isEmpty(value)) {
    writeValue(writer, number, field, value);
  }
}

function isEmpty(value: unknown): boolean {
  return !value || (value instanceof Uint8Array && value.length === 0);
}

function writeValue(writer: Writer, number: number, [, , kind, , type]: Field, value: unknown): void {
  if (kind === "text") {
    writer.textEvenEmpty(number, value as string);
  } else if (kind === "bytes" || kind === "message") {
    const mark = writer.begin(number);
    if (value instanceof Uint8Array) writer.raw(value);
    else if (type !== undefined) writeFields(writer, type().fields, value as Fields);
    writer.end(mark);
  } else {
    writer.numberEvenZero(number, kind === "flag" ? Number(value) : (value as number | bigint));
  }
}

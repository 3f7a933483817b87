import type { Field, FieldKind, FieldShape, Fields } from "./codec.ts";
import { Reader } from "./reader.ts";

const EMPTY = new Uint8Array(0);

/** A message from its bytes: plain fields that are absent get their default, lists and maps are there and empty. */
export function decodeMessage<T>(fields: readonly Field[], bytes: Uint8Array): T {
  return readFields(fields, new Reader(bytes)) as T;
}

function readFields(fields: readonly Field[], reader: Reader): Fields {
  const message: Fields = {};
  for (let place = 0; place < fields.length; place++) setDefault(message, fields[place]);
  let place = 0;
  while (!reader.done) {
    const tag = reader.unsigned();
    place = findField(fields, Math.floor(tag / 8), place);
    const field = fields[place];
    if (field === undefined || !fits(field, tag % 8)) reader.skip(tag % 8);
    else readField(message, field, reader, tag % 8);
  }
  return message;
}

// Fields are not taken apart as lists here: before code is compiled, that takes most of the time.
function setDefault(message: Fields, field: Field | undefined): void {
  if (field === undefined) return;
  const shape = field[3];
  if (shape === "plain") message[field[1]] = defaultOf(field[2]);
  else if (shape === "list") message[field[1]] = [];
  else if (shape !== "optional") message[field[1]] = {};
}

/** Where the field of a number is, or -1. Most messages have theirs in order, so the search goes on from the last one. */
function findField(fields: readonly Field[], number: number, last: number): number {
  for (let place = Math.max(last, 0); place < fields.length; place++) if (fields[place]?.[0] === number) return place;
  for (let place = 0; place < last; place++) if (fields[place]?.[0] === number) return place;
  return -1;
}

// A number may come as a list of one, packed, where a list is expected.
function fits(field: Field, wireType: number): boolean {
  const kind = field[2];
  const shape = field[3];
  if (isMap(shape) || isDelimited(kind)) return wireType === 2;
  return wireType === 0 || (wireType === 2 && shape === "list");
}

function isMap(shape: FieldShape): boolean {
  return shape === "map" || shape === "numbered";
}

function isDelimited(kind: FieldKind): boolean {
  return kind === "text" || kind === "bytes" || kind === "message";
}

function readField(message: Fields, field: Field, reader: Reader, wireType: number): void {
  const name = field[1];
  const kind = field[2];
  const shape = field[3];
  if (isMap(shape)) readEntry(message[name] as Fields, field, reader.message());
  else if (shape !== "list") message[name] = readValue(reader, field);
  else if (wireType !== 2 || isDelimited(kind)) (message[name] as unknown[]).push(readValue(reader, field));
  else
    for (const packed = reader.message(); !packed.done; ) (message[name] as unknown[]).push(readValue(packed, field));
}

function readEntry(map: Fields, field: Field, reader: Reader): void {
  let key = field[3] === "map" ? "" : "0";
  let value: unknown;
  while (!reader.done) {
    const tag = reader.unsigned();
    if (tag === 10) key = reader.text();
    else if (tag === 8) key = String(reader.signed());
    else if (Math.floor(tag / 8) === 2) value = readValue(reader, field);
    else reader.skip(tag % 8);
  }
  if (value === undefined)
    value = field[4] === undefined ? defaultOf(field[2]) : readFields(field[4]().fields, new Reader(EMPTY));
  // A key such as __proto__ is one more key.
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function readValue(reader: Reader, field: Field): unknown {
  switch (field[2]) {
    case "text":
      return reader.text();
    case "bytes":
      return reader.data();
    case "flag":
      return reader.unsigned() !== 0;
    case "unsigned":
      return reader.unsigned();
    case "integer":
      return reader.signed();
    case "long":
      return reader.long();
    case "message":
      return readFields(field[4]?.().fields ?? [], reader.message());
  }
}

function defaultOf(kind: FieldKind): unknown {
  if (kind === "text") return "";
  if (kind === "bytes") return EMPTY;
  if (kind === "flag") return false;
  return kind === "long" ? 0n : 0;
}

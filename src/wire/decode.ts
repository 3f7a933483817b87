import type { Field, FieldKind, FieldList, FieldShape, Fields } from "./codec.ts";
import { Reader } from "./reader.ts";

const EMPTY = new Uint8Array(0);
/** What all lists and maps are that have nothing in them: whoever changes one of them hears of it. */
const noItems: readonly unknown[] = Object.freeze([]);
const noEntries: Fields = Object.freeze({});

/** A message from its bytes: plain fields that are absent get their default, lists and maps are there and empty. */
export function decodeMessage<T>(type: FieldList, bytes: Uint8Array): T {
  return readFields(type, new Reader(bytes)) as T;
}

/** What a message without bytes is. */
export function emptyMessage(fields: readonly Field[]): Fields {
  const message: Fields = {};
  for (const [, name, kind, shape] of fields) {
    if (shape === "plain") message[name] = defaultOf(kind);
    else if (shape === "list") message[name] = noItems;
    else if (shape !== "optional") message[name] = noEntries;
  }
  return message;
}

function readFields(type: FieldList, reader: Reader): Fields {
  const { fields } = type;
  // One copy of all defaults takes a fraction of the time that setting each of them does while code is cold.
  const message = { ...type.empty };
  let place = 0;
  while (reader.position < reader.end) {
    const tag = reader.unsigned();
    place = findField(fields, Math.floor(tag / 8), place);
    const field = fields[place];
    if (field === undefined || !fits(field, tag % 8)) reader.skip(tag % 8);
    else readField(message, field, reader, tag % 8);
  }
  return message;
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

// Fields are not taken apart as lists here: before code is compiled, that takes most of the time.
function readField(message: Fields, field: Field, reader: Reader, wireType: number): void {
  const name = field[1];
  const shape = field[3];
  if (shape === "plain" || shape === "optional") message[name] = readValue(reader, field);
  else if (shape === "list") {
    if (message[name] === noItems) message[name] = [];
    readItems(message[name] as unknown[], field, reader, wireType);
  } else {
    if (message[name] === noEntries) message[name] = {};
    const outer = reader.enter();
    readEntry(message[name] as Fields, field, reader);
    reader.leave(outer);
  }
}

function readItems(items: unknown[], field: Field, reader: Reader, wireType: number): void {
  if (wireType !== 2 || isDelimited(field[2])) {
    items.push(readValue(reader, field));
    return;
  }
  const outer = reader.enter();
  while (reader.position < reader.end) items.push(readValue(reader, field));
  reader.leave(outer);
}

function readEntry(map: Fields, field: Field, reader: Reader): void {
  let key = field[3] === "map" ? "" : "0";
  let value: unknown;
  while (reader.position < reader.end) {
    const tag = reader.unsigned();
    if (tag === 10) key = reader.text();
    else if (tag === 8) key = String(reader.signed());
    else if (Math.floor(tag / 8) === 2) value = readValue(reader, field);
    else reader.skip(tag % 8);
  }
  if (value === undefined) value = field[4] === undefined ? defaultOf(field[2]) : { ...field[4]().empty };
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
      return readMessage(reader, field);
  }
}

function readMessage(reader: Reader, field: Field): Fields | undefined {
  const outer = reader.enter();
  const type = field[4]?.();
  const message = type === undefined ? undefined : readFields(type, reader);
  reader.leave(outer);
  return message;
}

function defaultOf(kind: FieldKind): unknown {
  if (kind === "text") return "";
  if (kind === "bytes") return EMPTY;
  if (kind === "flag") return false;
  return kind === "long" ? 0n : 0;
}

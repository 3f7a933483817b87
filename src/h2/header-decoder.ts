import type { HeaderList } from "./header-list.ts";
import { entryOverhead, HeaderTable } from "./header-table.ts";
import { errorCode, Http2Error } from "./http2-error.ts";
import { HuffmanDecoder } from "./huffman.ts";
import { staticTable } from "./static-table.ts";

type Field = readonly [name: string, value: string];

/**
 * HPACK (RFC 7541), reading. Values are taken as UTF-8, names byte by byte. Every block must go through one decoder in
 * the order of the wire; what is wrong throws COMPRESSION_ERROR, which no connection survives.
 */
export class HeaderDecoder {
  readonly #tableLimit: number;
  readonly #listLimit: number;
  readonly #table: HeaderTable;
  #huffman: HuffmanDecoder | undefined;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Bytes of the text read last, as they count for a table. */
  #textSize = 0;

  /** `tableLimit` is our SETTINGS_HEADER_TABLE_SIZE, `listLimit` our SETTINGS_MAX_HEADER_LIST_SIZE. */
  constructor(tableLimit: number, listLimit: number) {
    this.#tableLimit = tableLimit;
    this.#listLimit = listLimit;
    this.#table = new HeaderTable(tableLimit);
  }

  /** The fields of a whole block, or undefined when they exceed the limit; the tables are right in both cases. */
  decode(block: Uint8Array): HeaderList | undefined {
    this.#block = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    this.#at = 0;
    const list: Field[] = [];
    let room = this.#listLimit;
    while (this.#at < block.length) {
      const first = this.#block[this.#at] ?? 0;
      if ((first & 0xe0) === 0x20) {
        if (list.length > 0 || room < this.#listLimit) throw invalid("table size inside a block");
        this.#resize();
        continue;
      }
      const field = this.#readField(first);
      room -= field[0].length + field[1].length + entryOverhead;
      if (room >= 0) list.push(field);
    }
    return room < 0 ? undefined : list;
  }

  #resize(): void {
    const size = this.#readInteger(5);
    if (size > this.#tableLimit) throw invalid("table size above the limit");
    this.#table.resize(size);
  }

  #readField(first: number): Field {
    if (first >= 0x80) return this.#indexed(this.#readInteger(7));
    const keeps = (first & 0x40) !== 0;
    const index = this.#readInteger(keeps ? 6 : 4);
    let name: string;
    if (index === 0) {
      name = this.#readText("latin1");
    } else {
      name = this.#indexed(index)[0];
      this.#textSize = name.length;
    }
    const nameSize = this.#textSize;
    const field: Field = [name, this.#readText("utf8")];
    if (keeps) this.#table.insert(field, nameSize + this.#textSize + entryOverhead);
    return field;
  }

  #indexed(index: number): Field {
    const field = index <= staticTable.length ? staticTable[index - 1] : this.#table.at(index - staticTable.length - 1);
    if (field === undefined) throw invalid(`index ${index}`);
    return field;
  }

  #readInteger(prefix: number): number {
    const mask = (1 << prefix) - 1;
    let value = (this.#block[this.#at++] ?? 0) & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#block[this.#at++];
      if (byte === undefined) throw invalid("end inside an integer");
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw invalid("integer above 2^28");
  }

  #readText(encoding: "latin1" | "utf8"): string {
    if (this.#at >= this.#block.length) throw invalid("end inside a field");
    const coded = ((this.#block[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#readInteger(7);
    const from = this.#at;
    const to = from + length;
    if (to > this.#block.length) throw invalid("end inside a text");
    this.#at = to;
    if (!coded) {
      this.#textSize = length;
      return this.#block.toString(encoding, from, to);
    }
    this.#huffman ??= new HuffmanDecoder();
    const bytes = this.#huffman.decode(this.#block, from, to);
    this.#textSize = bytes.length;
    return bytes.toString(encoding);
  }
}

function invalid(what: string): Http2Error {
  return new Http2Error(errorCode.compressionError, `HPACK: ${what}`);
}

import { describe, expect, test } from "bun:test";
import { HeaderDecoder } from "../../src/h2/header-decoder.ts";
import type { HeaderList } from "../../src/h2/header-list.ts";

function decode(decoder: HeaderDecoder, hex: string): HeaderList | undefined {
  return decoder.decode(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

/** What the dynamic table holds, newest first: indexed fields change nothing. */
function tableOf(decoder: HeaderDecoder, length: number): HeaderList | undefined {
  return decoder.decode(Buffer.from(Array.from({ length }, (_, index) => 0x80 | (62 + index))));
}

interface Step {
  readonly block: string;
  readonly fields: HeaderList;
  readonly table: HeaderList;
}

function follow(tableSize: number, steps: readonly Step[]): void {
  const decoder = new HeaderDecoder(tableSize, 1 << 20);
  for (const { block, fields, table } of steps) {
    expect(decode(decoder, block)).toEqual(fields);
    expect(tableOf(decoder, table.length)).toEqual(table);
    expect(() => tableOf(decoder, table.length + 1)).toThrow("index");
  }
}

const authority = [":authority", "www.example.com"] as const;
const noCache = ["cache-control", "no-cache"] as const;
const custom = ["custom-key", "custom-value"] as const;
const request = (scheme: string, path: string, ...rest: HeaderList): HeaderList => [
  [":method", "GET"],
  [":scheme", scheme],
  [":path", path],
  authority,
  ...rest,
];

const requests = (blocks: readonly [string, string, string]): Step[] => [
  { block: blocks[0], fields: request("http", "/"), table: [authority] },
  { block: blocks[1], fields: request("http", "/", noCache), table: [noCache, authority] },
  { block: blocks[2], fields: request("https", "/index.html", custom), table: [custom, noCache, authority] },
];

const status = (code: string) => [":status", code] as const;
const cache = ["cache-control", "private"] as const;
const date = (second: string) => ["date", `Mon, 21 Oct 2013 20:13:${second} GMT`] as const;
const location = ["location", "https://www.example.com"] as const;
const gzip = ["content-encoding", "gzip"] as const;
const cookie = ["set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"] as const;

const responses = (blocks: readonly [string, string, string]): Step[] => [
  {
    block: blocks[0],
    fields: [status("302"), cache, date("21"), location],
    table: [location, date("21"), cache, status("302")],
  },
  {
    block: blocks[1],
    fields: [status("307"), cache, date("21"), location],
    table: [status("307"), location, date("21"), cache],
  },
  {
    block: blocks[2],
    fields: [status("200"), cache, date("22"), location, gzip, cookie],
    table: [cookie, gzip, date("22")],
  },
];

describe("RFC 7541 appendix C", () => {
  test("C.1.2: an integer of several bytes", () => {
    expect(decode(new HeaderDecoder(4096, 1000), "3f9a0a 82")).toEqual([[":method", "GET"]]);
    expect(() => decode(new HeaderDecoder(1336, 1000), "3f9a0a 82")).toThrow("table size above the limit");
  });

  test("C.2.1: a literal with indexing", () => {
    follow(4096, [
      {
        block: "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
        fields: [["custom-key", "custom-header"]],
        table: [["custom-key", "custom-header"]],
      },
    ]);
  });

  test("C.2.2: a literal without indexing", () => {
    follow(4096, [{ block: "040c 2f73 616d 706c 652f 7061 7468", fields: [[":path", "/sample/path"]], table: [] }]);
  });

  test("C.2.3: a literal never indexed", () => {
    follow(4096, [
      { block: "1008 7061 7373 776f 7264 0673 6563 7265 74", fields: [["password", "secret"]], table: [] },
    ]);
  });

  test("C.2.4: an indexed field", () => {
    follow(4096, [{ block: "82", fields: [[":method", "GET"]], table: [] }]);
  });

  test("C.3: requests without Huffman codes", () => {
    follow(
      4096,
      requests([
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
      ]),
    );
  });

  test("C.4: requests with Huffman codes", () => {
    follow(
      4096,
      requests([
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
      ]),
    );
  });

  test("C.5: responses without Huffman codes, with evictions", () => {
    follow(
      256,
      responses([
        `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d
         546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
        "4803 3330 37c1 c0bf",
        `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f
         6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b
         2076 6572 7369 6f6e 3d31`,
      ]),
    );
  });

  test("C.6: responses with Huffman codes, with evictions", () => {
    follow(
      256,
      responses([
        `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7
         8f0b 97c8 e9ae 82ae 43d3`,
        "4883 640e ffc1 c0bf",
        `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335
         dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
      ]),
    );
  });
});

describe("what a block must not hold", () => {
  const broken: readonly (readonly [what: string, block: string])[] = [
    ["index 0", "80"],
    ["an index behind the tables", "be"],
    ["a name's index behind the tables", "7f00 0161"],
    ["a size behind a field", "82 20"],
    ["a size above the limit", "3fe21f"],
    ["an end inside an integer", "ff"],
    ["an end inside a long integer", "ffff"],
    ["an integer without end", "ffffffffffffffff01"],
    ["an end before the name", "40"],
    ["an end inside the name", "400a6375"],
    ["an end before the value", "400161"],
    ["an end inside the value", "4001610a62"],
    ["a wrong Huffman code", "0084ffffffff0161"],
  ];
  for (const [what, block] of broken) {
    test(what, () => {
      expect(() => decode(new HeaderDecoder(4096, 1 << 20), block)).toThrow(expect.objectContaining({ code: 9 }));
    });
  }
});

test("sizes may come several times before the first field", () => {
  const decoder = new HeaderDecoder(4096, 1 << 20);
  decode(decoder, "400161 0162");
  expect(decode(decoder, "20 3fe11f 82")).toEqual([[":method", "GET"]]);
  expect(() => decode(decoder, "be")).toThrow("index");
});

test("a list above the limit is dropped, and its fields are in the table", () => {
  const decoder = new HeaderDecoder(4096, 100);
  expect(decode(decoder, "400161 0162")).toEqual([["a", "b"]]);
  expect(decode(decoder, "be be be")).toBeUndefined();
  expect(decode(decoder, "be be 400163 0164")).toBeUndefined();
  expect(decode(decoder, "bebf")).toEqual([
    ["c", "d"],
    ["a", "b"],
  ]);
});

test("a size is refused behind a field that was dropped, too", () => {
  expect(() => decode(new HeaderDecoder(4096, 10), "82 20")).toThrow("table size inside a block");
});

test("names count in bytes, whatever they are", () => {
  const decoder = new HeaderDecoder(4096, 1 << 20);
  decode(decoder, "4001ff 0162 7e 0163");
  expect(decode(decoder, "3f25 bebf")).toEqual([
    ["\xff", "c"],
    ["\xff", "b"],
  ]);
  expect(() => decode(decoder, "3f24 bf")).toThrow("index");
});

test("values are UTF-8, and count in bytes", () => {
  const decoder = new HeaderDecoder(4096, 1 << 20);
  // Two bytes for the value: 1 + 2 + 32 are 35 bytes, so a table of 34 bytes is too small.
  expect(decode(decoder, "400161 02c3bc")).toEqual([["a", "ü"]]);
  expect(decode(decoder, "3f04 be")).toEqual([["a", "ü"]]);
  expect(() => decode(decoder, "3f03 be")).toThrow("index");
});

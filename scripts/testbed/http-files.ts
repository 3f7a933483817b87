import { file, formatTar } from "./tar.ts";

export interface HttpFile {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The Authorization header without which the answer is 401. */
  readonly authorization?: string;
}

export const httpToken = "http-testbed-token";

/** What the HTTP server serves, by path; the same bytes on every machine. */
export function makeHttpFiles(): Readonly<Record<string, HttpFile>> {
  return {
    "/hello.txt": { data: bytes("hello from the testbed\n") },
    "/data.bin": { data: scramble(1 << 20) },
    "/archive.tar.gz": { data: Bun.gzipSync(new Uint8Array(makeArchive())) },
    "/named": {
      data: bytes("named by its header\n"),
      headers: { "content-disposition": 'attachment; filename="from-header.txt"' },
    },
    "/private/secret.txt": { data: bytes("only with a token\n"), authorization: `Bearer ${httpToken}` },
  };
}

function makeArchive(): Uint8Array {
  return formatTar([file("archive/one.txt", "one\n"), file("archive/bin/run.sh", "#!/bin/sh\necho archived\n", 0o755)]);
}

/** Bytes that do not compress, always the same. */
function scramble(size: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(size);
  let state = 1;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[index] = state >>> 24;
  }
  return data;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

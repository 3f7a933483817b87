/** The bytes with gzip; the same bytes give the same result. libdeflate at 6 is smaller than zlib at 9, in half the time. */
export function compress(data: Uint8Array<ArrayBuffer>): Uint8Array {
  return Bun.gzipSync(data, { level: 6, library: "libdeflate" });
}

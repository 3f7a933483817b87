import { gzip } from "node:zlib";

/** The bytes with gzip, off this thread; the same bytes give the same result on any system. */
export function compress(data: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gzip(data, { level: 9 }, (error, compressed) => {
      if (error) return reject(error);
      // The system that it was made on: unknown.
      compressed[9] = 255;
      resolve(new Uint8Array(compressed));
    });
  });
}

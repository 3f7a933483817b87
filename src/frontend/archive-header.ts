const signatures = [
  [0x42, 0x5a, 0x68], // bzip2
  [0x1f, 0x8b, 0x08], // gzip
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
];
const block = 512;
const sumAt = 148;
const sumLength = 8;

/** How much of a file `isArchive` wants to see. */
export const archiveHeaderLength = 1024;

/** Whether a file that begins so is an archive that a daemon unpacks: a tar, maybe compressed. */
export function isArchive(header: Uint8Array): boolean {
  if (signatures.some((bytes) => bytes.every((byte, at) => header[at] === byte))) return true;
  return header.length >= block && hasTarSum(header);
}

// The checksum counts its own field as spaces. A block of zeros ends an archive, so it does not begin one.
function hasTarSum(header: Uint8Array): boolean {
  let sum = sumLength * 0x20;
  for (let at = 0; at < block; at++) if (at < sumAt || at >= sumAt + sumLength) sum += header[at] ?? 0;
  const written = new TextDecoder("latin1").decode(header.subarray(sumAt, sumAt + sumLength));
  return /^ *[0-7]+[\0 ]*$/.test(written) && Number.parseInt(written.trim(), 8) === sum;
}

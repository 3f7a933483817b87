/** `sha256:` and the hexadecimal SHA-256 of `bytes`. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}`;
}

/** Whether `bytes` have the given digest (sha256, sha384 or sha512); false for any other text. */
export function hasDigest(bytes: Uint8Array, digest: string): boolean {
  const algorithm = /^(sha256|sha384|sha512):/.exec(digest)?.[1];
  if (algorithm !== "sha256" && algorithm !== "sha384" && algorithm !== "sha512") return false;
  return `${algorithm}:${new Bun.CryptoHasher(algorithm).update(bytes).digest("hex")}` === digest;
}

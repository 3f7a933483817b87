/** The key pair of a session for one registry host. Only who has it may use the tokens that a daemon keeps for it. */
export interface TokenAuthority {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The ed25519 signature of the payload, and the payload behind it: NaCl's `crypto_sign`. */
  sign(payload: Uint8Array): Promise<Uint8Array>;
}

/** The DER of PKCS #8 before the 32 bytes of an ed25519 seed (RFC 8410). */
const pkcs8Prefix = "302e020100300506032b657004220420";

/** Derives the pair from HMAC-SHA256 of the client's seed (empty: no login) under the daemon's salt. */
export async function deriveAuthority(salt: Uint8Array, seed: Uint8Array): Promise<TokenAuthority> {
  // Zeros up to the block size do not change an HMAC, and a key must not be empty.
  const padded = salt.length < 64 ? Buffer.concat([salt, new Uint8Array(64 - salt.length)]) : salt;
  const secret = new Bun.CryptoHasher("sha256", padded).update(seed).digest();
  const der = Buffer.concat([Buffer.from(pkcs8Prefix, "hex"), secret]);
  const key = await crypto.subtle.importKey("pkcs8", der, "Ed25519", true, ["sign"]);
  const { x = "" } = await crypto.subtle.exportKey("jwk", key);
  return {
    publicKey: Buffer.from(x, "base64url"),
    sign: async (payload) => {
      const signature = await crypto.subtle.sign("Ed25519", key, Uint8Array.from(payload));
      return Buffer.concat([new Uint8Array(signature), payload]);
    },
  };
}

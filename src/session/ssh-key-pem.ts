import type { Jwk } from "./ssh-key.ts";

/** Object identifiers as they stand in DER, with what WebCrypto calls the keys that have them. */
const algorithms = [
  { oid: "06092a864886f70d010101", import: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } },
  { oid: "06082a8648ce3d030107", import: { name: "ECDSA", namedCurve: "P-256" } },
  { oid: "06052b81040022", import: { name: "ECDSA", namedCurve: "P-384" } },
  { oid: "06052b81040023", import: { name: "ECDSA", namedCurve: "P-521" } },
  { oid: "06032b6570", import: { name: "Ed25519" } },
] as const;

const rsaEncryption = "06092a864886f70d010101";
const ecPublicKey = "06072a8648ce3d0201";

/**
 * The JSON form of a private key in PKCS #8 ("PRIVATE KEY"), PKCS #1 ("RSA PRIVATE KEY") or SEC 1 ("EC PRIVATE KEY");
 * undefined when it is damaged or of another kind than RSA, EC on a NIST curve and Ed25519.
 */
export async function parsePemKey(label: string, der: Uint8Array): Promise<Jwk | undefined> {
  const pkcs8 = toPkcs8(label, der);
  // The identifier comes before the key itself, whose random bytes so cannot be taken for one.
  const found = algorithms
    .map((algorithm) => ({ ...algorithm, at: pkcs8.indexOf(Buffer.from(algorithm.oid, "hex")) }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => a.at - b.at)[0];
  if (found === undefined) return undefined;
  try {
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, found.import, true, ["sign"]);
    // What it may be used for is left out: it would bind the key to the hash above.
    const { alg: _alg, ext: _ext, key_ops: _uses, ...jwk } = await crypto.subtle.exportKey("jwk", key);
    return jwk;
  } catch {
    // WebCrypto says no more than that the data is bad.
    return undefined;
  }
}

/** Wraps the older formats: version 0, the algorithm, and what is there as an octet string. */
function toPkcs8(label: string, der: Uint8Array): Buffer<ArrayBuffer> {
  if (label === "PRIVATE KEY") return Buffer.concat([der]);
  const algorithm =
    label === "RSA PRIVATE KEY" ? `${rsaEncryption}0500` : `${ecPublicKey}${curveOf(Buffer.from(der)) ?? ""}`;
  const identifier = Buffer.from(algorithm, "hex");
  return tagged(0x30, Buffer.of(2, 1, 0), tagged(0x30, identifier), tagged(0x04, der));
}

/** The curve stands behind the key in SEC 1. */
function curveOf(der: Buffer): string | undefined {
  return algorithms.find(({ oid, import: { name } }) => name === "ECDSA" && der.includes(Buffer.from(oid, "hex")))?.oid;
}

function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  const body = Buffer.concat(contents);
  const { length } = body;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...head), body]);
}

import type { Jwk } from "./ssh-key.ts";
import { SshReader } from "./ssh-wire.ts";

export interface OpensshKey {
  readonly jwk: Jwk;
  readonly comment: string;
}

const magic = "openssh-key-v1\0";
const curveNames: Readonly<Record<string, string>> = { nistp256: "P-256", nistp384: "P-384", nistp521: "P-521" };

/**
 * Reads the body of an "OPENSSH PRIVATE KEY" file (PROTOCOL.key of OpenSSH) that holds one key. "encrypted" when it has
 * a passphrase, undefined when its type is not RSA, ECDSA or Ed25519. Throws a RangeError when it is damaged.
 */
export function parseOpensshKey(bytes: Uint8Array): OpensshKey | "encrypted" | undefined {
  const reader = new SshReader(bytes);
  if (new TextDecoder().decode(reader.take(magic.length)) !== magic) throw new RangeError("it is no OpenSSH key");
  const cipher = reader.text();
  reader.data();
  reader.data();
  if (reader.uint32() !== 1) throw new RangeError("it does not hold one key");
  reader.data();
  if (cipher !== "none") return "encrypted";
  return parsePrivate(new SshReader(reader.data()));
}

function parsePrivate(reader: SshReader): OpensshKey | undefined {
  const check = reader.uint32();
  if (reader.uint32() !== check) throw new RangeError("its check numbers differ");
  const jwk = parseFields(reader, reader.text());
  return jwk && { jwk, comment: reader.text() };
}

function parseFields(reader: SshReader, type: string): Jwk | undefined {
  if (type === "ssh-ed25519") return parseEd25519(reader);
  if (type === "ssh-rsa") return parseRsa(reader);
  return type.startsWith("ecdsa-sha2-") ? parseEcdsa(reader) : undefined;
}

function parseEd25519(reader: SshReader): Jwk {
  const x = encode(reader.data());
  return { kty: "OKP", crv: "Ed25519", x, d: encode(reader.data().subarray(0, 32)) };
}

function parseEcdsa(reader: SshReader): Jwk | undefined {
  const crv = curveNames[reader.text()];
  const point = reader.data();
  const size = (point.length - 1) / 2;
  const secret = unsigned(reader.data());
  if (crv === undefined) return undefined;
  if (point[0] !== 4 || !Number.isInteger(size) || secret.length > size) throw new RangeError("its point is damaged");
  const d = Buffer.concat([new Uint8Array(size - secret.length), secret]);
  return { kty: "EC", crv, x: encode(point.subarray(1, 1 + size)), y: encode(point.subarray(1 + size)), d: encode(d) };
}

function parseRsa(reader: SshReader): Jwk {
  const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => unsigned(reader.data()));
  const remainder = (prime: Uint8Array | undefined) => toBytes(toNumber(d) % (toNumber(prime) - 1n));
  return {
    kty: "RSA",
    n: encode(n),
    e: encode(e),
    d: encode(d),
    p: encode(p),
    q: encode(q),
    dp: encode(remainder(p)),
    dq: encode(remainder(q)),
    qi: encode(qi),
  };
}

/** A JSON key has no zero in front for the sign. */
function unsigned(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? new Uint8Array() : bytes.subarray(first);
}

function toNumber(bytes: Uint8Array | undefined): bigint {
  return BigInt(`0x${Buffer.from(bytes ?? []).toString("hex") || "0"}`);
}

function toBytes(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
}

function encode(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("base64url");
}

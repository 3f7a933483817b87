import { sshBytes, sshInteger } from "./ssh-wire.ts";

/** A private key of an agent. */
export interface SshKey {
  /** The public key in RFC 4253's format. */
  readonly blob: Uint8Array;
  readonly comment: string;
  /** The signature in RFC 4253's format. `flags` choose the hash of an RSA key: 2 is SHA-256, 4 is SHA-512. */
  sign(data: Uint8Array, flags: number): Promise<Uint8Array>;
}

/** A private key as JSON (RFC 7517): the members that the kinds of keys here have, in base64url. */
export interface Jwk {
  readonly kty?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  readonly d?: string;
  readonly p?: string;
  readonly q?: string;
  readonly dp?: string;
  readonly dq?: string;
  readonly qi?: string;
}

interface Curve {
  readonly name: string;
  readonly hash: string;
  /** Bytes of a coordinate. */
  readonly size: number;
}

const curves: Readonly<Record<string, Curve>> = {
  "P-256": { name: "nistp256", hash: "SHA-256", size: 32 },
  "P-384": { name: "nistp384", hash: "SHA-384", size: 48 },
  "P-521": { name: "nistp521", hash: "SHA-512", size: 66 },
};

/** Makes a key from its JSON form (RFC 7518, RFC 8037): RSA, EC on the NIST curves, Ed25519. undefined for any other. */
export function makeSshKey(jwk: Jwk, comment: string): SshKey | undefined {
  const curve = curves[jwk.crv ?? ""];
  if (jwk.kty === "OKP" && jwk.crv === "Ed25519") return makeEd25519(jwk, comment);
  if (jwk.kty === "EC" && curve !== undefined) return makeEcdsa(jwk, curve, comment);
  return jwk.kty === "RSA" ? makeRsa(jwk, comment) : undefined;
}

function makeEd25519(jwk: Jwk, comment: string): SshKey {
  const type = "ssh-ed25519";
  return {
    blob: sshBytes(type, member(jwk.x)),
    comment,
    sign: async (data) => sshBytes(type, await sign("Ed25519", jwk, data)),
  };
}

function makeEcdsa(jwk: Jwk, { name, hash, size }: Curve, comment: string): SshKey {
  const type = `ecdsa-sha2-${name}`;
  const point = Buffer.concat([Uint8Array.of(4), member(jwk.x), member(jwk.y)]);
  return {
    blob: sshBytes(type, name, point),
    comment,
    sign: async (data) => {
      const signature = await sign({ name: "ECDSA", namedCurve: jwk.crv ?? "", hash }, jwk, data);
      const numbers = [signature.subarray(0, size), signature.subarray(size)].map(sshInteger);
      return sshBytes(type, sshBytes(...numbers));
    },
  };
}

function makeRsa(jwk: Jwk, comment: string): SshKey {
  return {
    blob: sshBytes("ssh-rsa", sshInteger(member(jwk.e)), sshInteger(member(jwk.n))),
    comment,
    sign: async (data, flags) => {
      const { type, hash } = rsaAlgorithm(flags);
      return sshBytes(type, await sign({ name: "RSASSA-PKCS1-v1_5", hash }, jwk, data));
    },
  };
}

function rsaAlgorithm(flags: number): { readonly type: string; readonly hash: string } {
  if ((flags & 4) !== 0) return { type: "rsa-sha2-512", hash: "SHA-512" };
  return (flags & 2) !== 0 ? { type: "rsa-sha2-256", hash: "SHA-256" } : { type: "ssh-rsa", hash: "SHA-1" };
}

async function sign(
  algorithm: "Ed25519" | { readonly name: string; readonly hash: string; readonly namedCurve?: string },
  jwk: Jwk,
  data: Uint8Array,
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign(algorithm, key, Uint8Array.from(data)));
}

function member(text: string | undefined): Uint8Array {
  return Buffer.from(text ?? "", "base64url");
}

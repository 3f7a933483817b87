import { closeSync, openSync, readSync } from "node:fs";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { makeSshKey, type SshKey } from "./ssh-key.ts";
import { parseOpensshKey } from "./ssh-key-openssh.ts";
import { parsePemKey } from "./ssh-key-pem.ts";

const maxFile = 100 * 1024;
/** The flag that asks an RSA key for it. */
const sha512 = 4;
const pemLabels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

/** Reads a private key without a passphrase, in OpenSSH's or a PEM format. Throws "ssh.agent"; no error holds the key. */
export async function readSshKey(path: string): Promise<SshKey> {
  const text = readText(path);
  const [, label = "", body = ""] = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([\s\S]*?)-----END \1-----/.exec(text) ?? [];
  if (label === "") throw notKey(path, text);
  if (label === "ENCRYPTED PRIVATE KEY" || /^Proc-Type: 4,ENCRYPTED/m.test(body)) throw encrypted(path);
  const key = await parseKey(path, label, Buffer.from(body, "base64"));
  if (key !== undefined && (await canSign(key))) return key;
  throw refuse(path, "is damaged or of a kind that is not supported", "use an Ed25519, ECDSA or RSA key");
}

/** A key whose numbers do not fit together shows only when it is used. */
function canSign(key: SshKey): Promise<boolean> {
  return key.sign(new Uint8Array(), sha512).then(
    () => true,
    () => false,
  );
}

async function parseKey(path: string, label: string, bytes: Uint8Array): Promise<SshKey | undefined> {
  if (label !== "OPENSSH PRIVATE KEY") {
    if (!pemLabels.includes(label)) throw refuse(path, `holds "${label}", which is no private key`);
    const jwk = await parsePemKey(label, bytes);
    return jwk && makeSshKey(jwk, path);
  }
  const parsed = parseOpenssh(bytes);
  if (parsed === "encrypted") throw encrypted(path);
  return parsed && makeSshKey(parsed.jwk, parsed.comment || path);
}

function parseOpenssh(bytes: Uint8Array): ReturnType<typeof parseOpensshKey> {
  try {
    return parseOpensshKey(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readText(path: string): string {
  const buffer = Buffer.alloc(maxFile + 1);
  let length: number;
  try {
    const file = openSync(path, "r");
    length = readSync(file, buffer);
    closeSync(file);
  } catch (cause) {
    throw refuse(path, "cannot be read", undefined, cause);
  }
  if (length > maxFile) throw refuse(path, "is larger than 100 KiB, so it is no private key");
  return buffer.toString("utf8", 0, length);
}

function notKey(path: string, text: string): LuakitError {
  if (/^(?:ssh-|ecdsa-|sk-)/.test(text)) {
    return refuse(path, "is a public key", "name the private key, which has no .pub at its end");
  }
  if (text.startsWith("PuTTY-User-Key-File")) {
    return refuse(path, "is a key of PuTTY", "convert it with puttygen -O private-openssh");
  }
  return refuse(path, "is no private key");
}

function encrypted(path: string): LuakitError {
  return refuse(path, "is protected by a passphrase", `run ssh-add ${path} and give the agent instead of the file`);
}

function refuse(path: string, why: string, hint?: string, cause?: unknown): LuakitError {
  return new LuakitError("ssh.agent", `the ssh key ${path} ${why}`, { hint, cause });
}

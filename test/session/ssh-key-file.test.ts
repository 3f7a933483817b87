import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createPublicKey, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSshKey } from "../../src/session/ssh-key-file.ts";
import { SshReader } from "../../src/session/ssh-wire.ts";
import { rejectionOf } from "../image/failure.ts";

setDefaultTimeout(30_000);

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-ssh-key-"));
});

afterAll(() => rmSync(root, { recursive: true }));

function run(...argv: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(argv);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  return stdout.toString();
}

/** Makes a key with ssh-keygen or openssl and gives its path; `NAME.spki` is its public half as PEM. */
function makeKey(name: string, argv: readonly string[]): string {
  const path = join(root, name);
  run(...argv.map((part) => part.replace("PATH", path)));
  writeFileSync(`${path}.spki`, publicPem(path));
  return path;
}

function publicPem(path: string): string {
  if (!readFileSync(path, "utf8").includes("OPENSSH")) return run("openssl", "pkey", "-in", path, "-pubout");
  const [type, text = ""] = readFileSync(`${path}.pub`, "utf8").split(" ");
  if (type !== "ssh-ed25519") return run("ssh-keygen", "-e", "-m", "PKCS8", "-f", `${path}.pub`);
  const spki = Buffer.concat([
    Buffer.from("302a300506032b6570032100", "hex"),
    Buffer.from(text, "base64").subarray(-32),
  ]);
  return pem("PUBLIC KEY", spki.toString("base64"));
}

const keygen = (...rest: string[]) => ["ssh-keygen", "-q", "-N", "", "-C", "a comment", "-f", "PATH", ...rest];
const genpkey = (...rest: string[]) => ["openssl", "genpkey", "-out", "PATH", ...rest];
const ecparam = (curve: string, ...rest: string[]) => [
  "openssl",
  "ecparam",
  "-genkey",
  "-noout",
  "-name",
  curve,
  "-out",
  "PATH",
  ...rest,
];

const kinds: readonly (readonly [name: string, argv: readonly string[], hash: string])[] = [
  ["ecdsa-256", keygen("-t", "ecdsa", "-b", "256"), "SHA256"],
  ["ecdsa-384", keygen("-t", "ecdsa", "-b", "384"), "SHA384"],
  ["ecdsa-521", keygen("-t", "ecdsa", "-b", "521"), "SHA512"],
  ["ecdsa-pkcs8", genpkey("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"), "SHA384"],
  ["ecdsa-sec1-256", ecparam("prime256v1"), "SHA256"],
  ["ecdsa-sec1-521", ecparam("secp521r1"), "SHA512"],
];

describe("reads and signs with", () => {
  test.each(kinds)("%s", async (name, argv, hash) => {
    const path = makeKey(name, argv);
    const spki = createPublicKey(readFileSync(`${path}.spki`, "utf8"));
    const size = { SHA256: 32, SHA384: 48, SHA512: 66 }[hash] ?? 0;
    const key = await readSshKey(path);
    // Numbers of a signature need a zero in front for the sign half of the time.
    for (let round = 0; round < 50; round++) {
      const data = new TextEncoder().encode(`data ${round}`);
      const reader = new SshReader(await key.sign(data, 0));
      expect(reader.text()).toStartWith("ecdsa-sha2-nistp");
      const numbers = new SshReader(reader.data());
      const signature = Buffer.concat([0, 1].map(() => pad(numbers.data(), size)));
      expect(verify(hash, data, { key: spki, dsaEncoding: "ieee-p1363" }, signature)).toBe(true);
    }
    if (argv[0] === "ssh-keygen") expectPublic(path, key.blob);
  });

  test.each([
    ["ed25519-openssh", keygen("-t", "ed25519")],
    ["ed25519-pkcs8", genpkey("-algorithm", "ed25519")],
  ])("%s", async (name, argv) => {
    const path = makeKey(name, argv);
    const key = await readSshKey(path);
    const reader = new SshReader(await key.sign(new TextEncoder().encode("data"), 0));
    expect(reader.text()).toBe("ssh-ed25519");
    expect(verify(null, Buffer.from("data"), readFileSync(`${path}.spki`, "utf8"), reader.data())).toBe(true);
    if (argv[0] === "ssh-keygen") expectPublic(path, key.blob);
  });

  test.each([
    ["rsa-openssh", keygen("-t", "rsa", "-b", "2048")],
    ["rsa-pkcs1", keygen("-t", "rsa", "-b", "2048", "-m", "PEM")],
    ["rsa-pkcs8", keygen("-t", "rsa", "-b", "3072", "-m", "PKCS8")],
  ])("%s, with the hash that the flags choose", async (name, argv) => {
    const path = makeKey(name, argv);
    const key = await readSshKey(path);
    expectPublic(path, key.blob);
    const hashes = [
      [0, "ssh-rsa", "SHA1"],
      [2, "rsa-sha2-256", "SHA256"],
      [4, "rsa-sha2-512", "SHA512"],
    ] as const;
    for (const [flags, type, hash] of hashes) {
      const reader = new SshReader(await key.sign(new TextEncoder().encode("data"), flags));
      expect(reader.text()).toBe(type);
      expect(verify(hash, Buffer.from("data"), readFileSync(`${path}.spki`, "utf8"), reader.data())).toBe(true);
    }
  });
});

test("takes the comment of an OpenSSH key, and the path of others", async () => {
  expect((await readSshKey(makeKey("commented", keygen("-t", "ed25519")))).comment).toBe("a comment");
  const plain = makeKey("plain", genpkey("-algorithm", "ed25519"));
  expect((await readSshKey(plain)).comment).toBe(plain);
});

describe("refuses", () => {
  test.each([
    ["an OpenSSH key", ["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", "PATH"]],
    ["an old PEM key", ["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "secret", "-f", "PATH"]],
    [
      "a PKCS #8 key",
      ["openssl", "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:secret", "-out", "PATH"],
    ],
  ])("%s with a passphrase", async (name, argv) => {
    const path = join(root, `encrypted ${name}`);
    run(...argv.map((part) => part.replace("PATH", path)));
    const error = await rejectionOf(readSshKey(path));
    expect(error.code).toBe("ssh.agent");
    expect(error.message).toBe(`the ssh key ${path} is protected by a passphrase`);
    expect(error.hint).toBe(`run ssh-add ${path} and give the agent instead of the file`);
  });

  test.each([
    ["text", "hello", "is no private key"],
    ["public", "ssh-ed25519 AAAA me", "is a public key"],
    ["putty", "PuTTY-User-Key-File-3: ssh-ed25519", "is a key of PuTTY"],
    ["certificate", pem("CERTIFICATE", "AAAA"), 'holds "CERTIFICATE", which is no private key'],
    ["empty", pem("OPENSSH PRIVATE KEY", ""), "is damaged or of a kind that is not supported"],
    ["garbage", pem("PRIVATE KEY", btoa("x".repeat(80))), "is damaged or of a kind that is not supported"],
    ["garbage of RSA", pem("RSA PRIVATE KEY", btoa("x".repeat(80))), "is damaged or of a kind that is not supported"],
    ["large", "x".repeat(100 * 1024 + 1), "is larger than 100 KiB, so it is no private key"],
  ])("%s", async (name, text, why) => {
    const path = join(root, name);
    writeFileSync(path, text);
    expect((await rejectionOf(readSshKey(path))).message).toBe(`the ssh key ${path} ${why}`);
  });

  test("a key that is cut off, wherever", async () => {
    const text = readFileSync(makeKey("whole", keygen("-t", "ed25519")), "utf8");
    const body = Buffer.from(text.split("\n").slice(1, -2).join(""), "base64");
    for (let length = 0; length < body.length - 20; length += 7) {
      const path = join(root, "cut");
      writeFileSync(path, pem("OPENSSH PRIVATE KEY", body.toString("base64", 0, length)));
      expect((await rejectionOf(readSshKey(path))).message).toEndWith("is damaged or of a kind that is not supported");
    }
  });

  test("keys whose numbers do not fit together", async () => {
    for (const type of ["rsa", "ecdsa"]) {
      const text = readFileSync(makeKey(`fitting-${type}`, keygen("-t", type)), "utf8");
      const body = Buffer.from(text.split("\n").slice(1, -2).join(""), "base64");
      // Near the end are the primes, or the secret number.
      const at = body.indexOf("a comment") - 12;
      body.fill(0, at, at + 8);
      const path = join(root, `odd-${type}`);
      writeFileSync(path, pem("OPENSSH PRIVATE KEY", body.toString("base64")));
      expect((await rejectionOf(readSshKey(path))).message).toEndWith("is damaged or of a kind that is not supported");
    }
  });

  test("a DSA key", async () => {
    const path = join(root, "dsa");
    const parameters = join(root, "dsa.parameters");
    run("openssl", "dsaparam", "-out", parameters, "1024");
    run("openssl", "gendsa", "-out", path, parameters);
    expect((await rejectionOf(readSshKey(path))).code).toBe("ssh.agent");
  });

  test("a file that is not there", async () => {
    expect((await rejectionOf(readSshKey(join(root, "none")))).message).toEndWith("none cannot be read");
  });
});

function pem(label: string, body: string): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

function expectPublic(path: string, blob: Uint8Array): void {
  expect(Buffer.from(blob).toString("base64")).toBe(readFileSync(`${path}.pub`, "utf8").split(" ")[1] ?? "");
}

function pad(number: Uint8Array, size: number): Uint8Array {
  const digits = number.length > size ? number.subarray(number.length - size) : number;
  return Buffer.concat([new Uint8Array(size - digits.length), digits]);
}

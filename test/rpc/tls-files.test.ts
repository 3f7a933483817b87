import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTlsFiles, readTlsFiles } from "../../src/rpc/tls-files.ts";

const directory = mkdtempSync(join(tmpdir(), "luakit-tls-"));
afterAll(() => rmSync(directory, { recursive: true }));

const certificate = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
const key = "-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n";

function write(folder: string, files: Record<string, string>): string {
  const path = join(directory, folder);
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe("findTlsFiles", () => {
  test.each([
    ["ca.pem", "cert.pem", "key.pem"],
    ["ca.crt", "tls.crt", "tls.key"],
    ["ca.pem", "tls.crt", "key.pem"],
  ])("finds %s, %s and %s", (ca, cert, keyFile) => {
    const path = write(`${ca}-${cert}`, { [ca]: certificate, [cert]: certificate, [keyFile]: key });
    expect(findTlsFiles(path)).toEqual({ ca: join(path, ca), cert: join(path, cert), key: join(path, keyFile) });
  });

  test("names what is missing", () => {
    const path = write("half", { "ca.pem": certificate, "cert.pem": certificate });
    expect(() => findTlsFiles(path)).toThrow(`TLS directory ${path} has no key.pem or tls.key`);
  });
});

describe("readTlsFiles", () => {
  const path = write("good", { "ca.pem": certificate, "cert.pem": certificate, "key.pem": key });

  test("gives the text of those that are named", () => {
    expect(readTlsFiles(findTlsFiles(path))).toEqual({ ca: certificate, cert: certificate, key });
    expect(readTlsFiles({ ca: join(path, "ca.pem"), serverName: "x" })).toEqual({ ca: certificate });
    expect(readTlsFiles({})).toEqual({});
  });

  test("a pair must be whole", () => {
    expect(() => readTlsFiles({ cert: join(path, "cert.pem") })).toThrow(
      "a client certificate is given without its key",
    );
    expect(() => readTlsFiles({ key: join(path, "key.pem") })).toThrow("a client key is given without its certificate");
  });

  test("says what is wrong with a file", () => {
    expect(() => readTlsFiles({ ca: join(path, "nope.pem") })).toThrow(
      `cannot read the TLS file ${path}/nope.pem: it does not exist`,
    );
    const noPem = { code: "usage", message: expect.stringMatching(/key\.pem holds no certificate in PEM form$/) };
    expect(() => readTlsFiles({ ca: join(path, "key.pem") })).toThrow(expect.objectContaining(noPem));
    const swapped = { cert: join(path, "cert.pem"), key: join(path, "cert.pem") };
    expect(() => readTlsFiles(swapped)).toThrow("cert.pem holds no private key in PEM form");
  });
});

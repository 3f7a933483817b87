import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Auth } from "../../src/gen/filesync.ts";
import { auth } from "../../src/session/auth.ts";
import { type RegistryTlsContext, readRegistryTls } from "../../src/session/auth-tls.ts";
import { failureOf } from "../image/failure.ts";
import { openCaller } from "./caller.ts";
import { openTokenServer, type TokenServer } from "./token-server.ts";

let root = "";
let server: TokenServer;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-auth-tls-"));
  makeAuthority("ca");
  makeAuthority("other");
  makeCertificate("server", "subjectAltName=IP:127.0.0.1");
  makeCertificate("client", "extendedKeyUsage=clientAuth");
  server = openTokenServer(tlsOf("server"));
});
afterAll(() => {
  server.stop();
  rmSync(root, { recursive: true });
});

const file = (name: string) => join(root, name);
const tlsOf = (name: string) => ({ cert: Bun.file(file(`${name}.crt`)), key: Bun.file(file(`${name}.key`)) });

function openssl(...argv: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["openssl", ...argv], { cwd: root });
  if (exitCode !== 0) throw new Error(stderr.toString());
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function makeAuthority(name: string): void {
  openssl("req", "-x509", ...newKey, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.crt`);
}

function makeCertificate(name: string, extension: string): void {
  openssl("req", ...newKey, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
  writeFileSync(file(`${name}.ext`), extension);
  const signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", `${name}.ext`];
  openssl("x509", "-req", "-in", `${name}.csr`, ...signer, "-out", `${name}.crt`);
}

function fetchToken(contexts: readonly RegistryTlsContext[], from = server): Promise<string> {
  const credentials = async () => ({ username: "me", password: "s3cret" });
  const service = auth({ credentials, configDir: root, userAgent: "luakit/test", tls: readRegistryTls(contexts) });
  const request = { Host: "reg.example", Realm: `${from.url}/token`, Service: "", Scopes: [], ClientID: "" };
  const answer = openCaller(service).unary(Auth.FetchToken, request);
  return answer.then(
    ({ Token }) => Token,
    ({ message }: Error) => message,
  );
}

describe("the token server of a registry", () => {
  const host = "reg.example";

  test("is not trusted when its authority is unknown", async () => {
    expect(await fetchToken([])).toContain("is not trusted");
    expect(await fetchToken([{ host, ca: file("other.crt") }])).toContain("is not trusted");
    expect(await fetchToken([{ host: "other.example", ca: file("ca.crt") }])).toContain("is not trusted");
  });

  test("is trusted by its authority, also one of several", async () => {
    expect(await fetchToken([{ host, ca: file("ca.crt") }])).toBe("token-of-me");
    const both = [
      { host, ca: file("ca.crt") },
      { host, ca: file("other.crt") },
    ];
    expect(await fetchToken(both)).toBe("token-of-me");
    expect(await fetchToken(both.reverse())).toBe("token-of-me");
  });

  test("is not verified when that is asked for", async () => {
    expect(await fetchToken([{ host, insecure: true }])).toBe("token-of-me");
  });

  test("gets the client's certificate", async () => {
    const strict = openTokenServer({
      ...tlsOf("server"),
      ca: Bun.file(file("ca.crt")),
      requestCert: true,
      rejectUnauthorized: true,
    });
    const trusted = { host, ca: file("ca.crt") };
    expect(await fetchToken([trusted], strict)).not.toBe("token-of-me");
    const known = { ...trusted, cert: file("client.crt"), key: file("client.key") };
    expect(await fetchToken([known], strict)).toBe("token-of-me");
    strict.stop();
  });
});

test("files that are missing or no PEM are named", () => {
  writeFileSync(file("text"), "hello");
  expect(failureOf(() => readRegistryTls([{ host: "a", ca: file("none") }])).message).toBe(
    `cannot read ${file("none")}: it does not exist`,
  );
  expect(failureOf(() => readRegistryTls([{ host: "a", ca: file("text") }])).message).toEndWith(
    "holds no PEM certificate or key",
  );
});

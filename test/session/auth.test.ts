import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHmac, createPrivateKey, createPublicKey, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { Auth } from "../../src/gen/filesync.ts";
import type { Credentials } from "../../src/image/credentials.ts";
import type { Channel } from "../../src/rpc/channel.ts";
import { type AuthOptions, auth } from "../../src/session/auth.ts";
import { openAuthRecord } from "../../src/session/auth-refusal.ts";
import { rejectionOf } from "../image/failure.ts";
import { openCaller } from "./caller.ts";
import { openTokenServer, type TokenServer } from "./token-server.ts";

let root = "";
let server: TokenServer;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-auth-"));
  server = openTokenServer();
});

afterAll(() => {
  rmSync(root, { recursive: true });
  server.stop();
});

const logins: Readonly<Record<string, Credentials>> = {
  "reg.example": { username: "me", password: "s3cret", origin: "/home/me/.docker/config.json" },
  "id.example": { identityToken: "refresh", origin: "/home/me/.docker/config.json" },
  "static.example": { registryToken: "fixed" },
  "wrong.example": { username: "me", password: "wr0ng-one", origin: "/home/me/.docker/config.json" },
};

function caller(options: Partial<AuthOptions> = {}): Channel {
  const configDir = mkdtempSync(join(root, "config-"));
  const credentials = async (host: string) => logins[host];
  return openCaller(auth({ credentials, configDir, userAgent: "luakit/test", ...options }));
}

describe("Credentials", () => {
  test.each([
    ["reg.example", "me", "s3cret"],
    ["id.example", "", "refresh"],
    ["none.example", "", ""],
  ])("of %s", async (Host, Username, Secret) => {
    expect(await caller().unary(Auth.Credentials, { Host })).toEqual({ Username, Secret });
  });
});

describe("token authority", () => {
  const salt = Buffer.alloc(32, 7);
  const publicKey = async (channel: Channel, Host: string, Salt: Uint8Array = salt) =>
    Buffer.from((await channel.unary(Auth.GetTokenAuthority, { Host, Salt })).PublicKey).toString("hex");

  test("without a login is the key that anybody can make", async () => {
    const seed = createHmac("sha256", salt).digest();
    const key = createPrivateKey({
      key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]),
      format: "der",
      type: "pkcs8",
    });
    const expected = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
    expect(await publicKey(caller(), "none.example")).toBe(expected);
  });

  test("with a login comes from the seed of the host, which is kept", async () => {
    const configDir = mkdtempSync(join(root, "config-"));
    const first = await publicKey(caller({ configDir }), "reg.example");
    expect(await publicKey(caller({ configDir }), "reg.example")).toBe(first);
    expect(await publicKey(caller({ configDir }), "id.example")).not.toBe(first);
    expect(await publicKey(caller(), "reg.example")).not.toBe(first);
    expect(await publicKey(caller({ configDir }), "reg.example", Buffer.alloc(32, 8))).not.toBe(first);
    const seeds = JSON.parse(readFileSync(join(configDir, ".token_seed"), "utf8"));
    expect(Object.keys(seeds).sort()).toEqual(["id.example", "reg.example"]);
    expect(Buffer.from(seeds["reg.example"].Seed, "base64")).toHaveLength(16);
  });

  test("is proven by NaCl's combined signature", async () => {
    const channel = caller();
    const Payload = crypto.getRandomValues(new Uint8Array(32));
    const { Signed } = await channel.unary(Auth.VerifyTokenAuthority, { Host: "reg.example", Salt: salt, Payload });
    expect(Signed).toHaveLength(96);
    expect(Buffer.from(Signed.subarray(64)).equals(Payload)).toBe(true);
    const raw = Buffer.from(await publicKey(channel, "reg.example"), "hex");
    const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    expect(verify(null, Payload, key, Signed.subarray(0, 64))).toBe(true);
  });

  test("is Unavailable when it is turned off", async () => {
    const request = { Host: "reg.example", Salt: salt, Payload: salt };
    const channel = caller({ clientTokens: false });
    expect((await rejectionOf(channel.unary(Auth.GetTokenAuthority, request))).code).toBe("rpc.unavailable");
    expect((await rejectionOf(channel.unary(Auth.VerifyTokenAuthority, request))).code).toBe("rpc.unavailable");
  });
});

describe("FetchToken", () => {
  const request = (Host: string, path = "/token", scopes = ["repository:app:pull"]) => ({
    ClientID: "buildkit-client",
    Host,
    Realm: `${server.url}${path}`,
    Service: "reg",
    Scopes: scopes,
  });

  test("gives the token of a login", async () => {
    const answer = await caller().unary(Auth.FetchToken, request("reg.example"));
    expect(answer).toEqual({ Token: "token-of-me", ExpiresIn: 300, IssuedAt: 1700000000 });
  });

  test("gives an anonymous token without one", async () => {
    const answer = await caller().unary(Auth.FetchToken, request("none.example"));
    expect(answer).toEqual({ Token: "token-of-anybody", ExpiresIn: 60, IssuedAt: 0 });
  });

  test("gives the token that the configuration holds", async () => {
    expect((await caller().unary(Auth.FetchToken, request("static.example"))).Token).toBe("fixed");
  });

  test("that is refused names the registry and the file, not the password", async () => {
    const record = openAuthRecord();
    const error = await rejectionOf(caller({ record }).unary(Auth.FetchToken, request("wrong.example")));
    expect(error.code).toBe("rpc.unknown");
    expect(error.message).toBe("wrong.example refused the login from /home/me/.docker/config.json");
    expect(record.failures.map(({ code, hint }) => [code, hint])).toEqual([
      ["registry.auth", 'log in with "docker login wrong.example"'],
    ]);
  });

  test("that is refused without a login says so", async () => {
    const error = await rejectionOf(caller().unary(Auth.FetchToken, request("none.example", "/private")));
    expect(error.message).toMatch(/^none\.example wants a login, and \/.*\/config\.json has none for it$/);
  });

  test("names Docker Hub as people do", async () => {
    const error = await rejectionOf(caller().unary(Auth.FetchToken, request("registry-1.docker.io", "/private")));
    expect(error.message).toStartWith("docker.io wants a login");
  });
});

test("a helper that fails is recorded and fails the call", async () => {
  const record = openAuthRecord();
  const failure = new LuakitError("image.resolve", 'the credential helper "x" is not on PATH');
  const channel = caller({ record, credentials: () => Promise.reject(failure) });
  const error = await rejectionOf(channel.unary(Auth.GetTokenAuthority, { Host: "a", Salt: Buffer.alloc(32) }));
  expect(error.message).toBe('the credential helper "x" is not on PATH');
  expect(error.code).toBe("rpc.unknown");
  expect(record.failures).toEqual([failure]);
});

test("activity is told once for each token and host", async () => {
  const rows: string[] = [];
  const channel = caller({ onActivity: (name) => rows.push(name) });
  const scopes = ["repository:team/app:pull,push", "repository:base:pull"];
  const token = { ClientID: "", Host: "reg.example", Realm: `${server.url}/token`, Service: "", Scopes: scopes };
  for (const _ of [1, 2]) {
    await channel.unary(Auth.Credentials, { Host: "reg.example" });
    await channel.unary(Auth.Credentials, { Host: "none.example" });
    await channel.unary(Auth.FetchToken, token);
    await channel.unary(Auth.FetchToken, { ...token, Host: "none.example" });
  }
  expect(rows).toEqual([
    "[auth] sharing credentials for reg.example",
    "[auth] team/app:pull,push base:pull token for reg.example",
  ]);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Credentials } from "../../src/image/credentials.ts";
import { fetchSessionToken } from "../../src/session/auth-token.ts";
import { rejectionOf } from "../image/failure.ts";
import { openTokenServer, type TokenServer } from "./token-server.ts";

let server: TokenServer;

beforeAll(() => {
  server = openTokenServer();
});
beforeEach(() => {
  server.asked.length = 0;
});
afterAll(() => server.stop());

const login: Credentials = { username: "me", password: "s3cret" };

function fetchFrom(
  path: string,
  credentials: Credentials | undefined,
  scopes: readonly string[] = ["a:b:pull", "c:d:push"],
) {
  const query = { host: "reg.example", realm: `${server.url}${path}`, service: "the service", scopes, credentials };
  return fetchSessionToken({ ...query, configFile: "/config.json" }, { timeout: 5000, userAgent: "luakit/test" });
}

const form = "scope=a%3Ab%3Apull+c%3Ad%3Apush&service=the+service&client_id=buildkit-client";
const query = "?service=the+service&scope=a%3Ab%3Apull&scope=c%3Ad%3Apush";

describe("a login goes by POST", () => {
  test("with a password", async () => {
    expect(await fetchFrom("/token", login)).toEqual({ text: "token-of-me", expiresIn: 300, issuedAt: 1700000000 });
    expect(server.asked).toEqual([`POST /token ${form}&grant_type=password&username=me&password=s3cret`]);
  });

  test("with an identity token", async () => {
    expect((await fetchFrom("/token", { identityToken: "refresh" })).text).toBe("token-of-id");
    expect(server.asked).toEqual([`POST /token ${form}&grant_type=refresh_token&refresh_token=refresh`]);
  });

  test.each([401, 404, 405])("and by GET where POST gives %d", async (status) => {
    const token = await fetchFrom(`/get-${status}`, login);
    expect(token).toEqual({ text: "token-by-get", expiresIn: 120, issuedAt: 0 });
    expect(server.asked[1]).toBe(`GET /get-${status}${query}  Basic ${btoa("me:s3cret")}`);
  });

  test("and by GET for an identity token, but not after 405", async () => {
    expect((await fetchFrom("/get-404", { identityToken: "refresh" })).text).toBe("token-by-get");
    const error = await rejectionOf(fetchFrom("/get-405", { identityToken: "refresh" }));
    expect(error.message).toMatch(
      /^cannot get a token for reg\.example: \S+ answered 405 to the request for the token$/,
    );
  });
});

test("without a login it goes by GET", async () => {
  expect((await fetchFrom("/token", undefined)).text).toBe("token-of-anybody");
  expect((await fetchFrom("/token?kept=1", undefined, [])).text).toBe("token-of-anybody");
  expect(server.asked).toEqual([`GET /token${query}`, "GET /token?kept=1&service=the+service"]);
});

test("a registry token is used as it is", async () => {
  expect(await fetchFrom("/token", { ...login, registryToken: "fixed" })).toEqual({
    text: "fixed",
    expiresIn: 60,
    issuedAt: 0,
  });
  expect(server.asked).toEqual([]);
});

describe("refuses", () => {
  test("what is no token", async () => {
    for (const path of ["/text", "/empty", "/header"]) {
      const error = await rejectionOf(fetchFrom(path, login));
      expect(error.code).toBe("registry.auth");
      expect(error.message).toMatch(/^the token server 127\.0\.0\.1:\d+ did not answer with a token$/);
    }
  });

  test("errors of the server, in its words", async () => {
    const error = await rejectionOf(fetchFrom("/broken", login));
    expect(error.message).toMatch(
      /^cannot get a token for reg\.example: 127\.0\.0\.1:\d+ answered 502 .* \(the disk is full\)$/,
    );
    expect((await rejectionOf(fetchFrom("/limited", undefined))).message).toContain("limits the rate of requests");
  });

  test("a server that is not there, with both names", async () => {
    const asked = {
      host: "reg.example",
      realm: "http://127.0.0.1:1/token",
      service: "",
      scopes: [],
      credentials: login,
    };
    const error = await rejectionOf(fetchSessionToken({ ...asked, configFile: "" }, { timeout: 1000, userAgent: "x" }));
    expect(error.message).toBe("cannot get a token for reg.example: 127.0.0.1:1 refused the connection");
  });

  test.each(["", "nowhere", "file:///etc/passwd"])("the realm %p", async (realm) => {
    const asked = { host: "reg.example", realm, service: "", scopes: [], credentials: login, configFile: "" };
    const error = await rejectionOf(fetchSessionToken(asked, { timeout: 1000, userAgent: "x" }));
    expect(error.message).toBe("reg.example asks for a token but does not say where to get it");
  });

  test("to send a password to another host without TLS, but not to the registry's own", async () => {
    const asked = { host: "reg.example", service: "", scopes: [], credentials: login, configFile: "" };
    const http = { timeout: 1000, userAgent: "x" };
    const error = await rejectionOf(fetchSessionToken({ ...asked, realm: "http://tokens.example/" }, http));
    expect(error.message).toBe("reg.example wants its password sent to tokens.example without TLS");
    const own = { ...asked, host: "127.0.0.2:1", realm: "http://127.0.0.2:2/" };
    expect((await rejectionOf(fetchSessionToken(own, http))).message).toContain("refused the connection");
  });
});

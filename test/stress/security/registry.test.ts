import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createServer } from "node:tls";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { Credentials } from "../../../src/image/credentials.ts";
import { digestOf } from "../../../src/image/digest.ts";
import { sendRequest, type TlsOptions } from "../../../src/image/http-request.ts";
import { createResolver } from "../../../src/image/resolve.ts";
import { fetchToken } from "../../../src/image/token.ts";
import { makeImage, registryError, singleImage, startRegistry, types } from "../../image/fake-registry.ts";
import { selfSigned } from "../../image/self-signed.ts";
import { certificates } from "../../support/certificates.ts";
import { expectHarmless, payload } from "./payload.ts";

setDefaultTimeout(60_000);

const password = "s3cret-password";
const login: Credentials = { username: "me", password };
const basic = btoa(`me:${password}`);
const platform = { os: "linux", architecture: "amd64" };
const stops: (() => unknown)[] = [];
afterAll(() => stops.map((stop) => stop()));

type Answer = (request: Request, url: URL) => Response | undefined | Promise<Response | undefined>;

/** A registry of one good image, but for what `answer` makes of requests. */
function open(answer: Answer = () => undefined) {
  const registry = startRegistry(singleImage(), answer);
  stops.push(() => registry.stop());
  return registry;
}

interface Asking {
  readonly credentials?: Credentials;
  readonly timeout?: number;
  readonly tls?: TlsOptions;
  readonly insecure?: readonly string[];
}

/** What a user reads of an attempt to look an image up; "done" when it succeeds. */
async function resolve(host: string, { credentials, timeout = 30_000, tls, insecure }: Asking = {}): Promise<string> {
  const options = { credentials: async () => credentials, timeout, tls: () => tls, insecure };
  const told = await createResolver(options)
    .resolve(`${host}/app`, platform)
    .then(
      () => "done",
      (error: Error) => error.message,
    );
  expect(told).not.toContain(password);
  expect(told).not.toContain(basic);
  return told;
}

const challenge = (realm: string) =>
  registryError(401, "UNAUTHORIZED", "no", { "WWW-Authenticate": `Bearer realm="${realm}",service="s",scope="x"` });

const manifestOf = (body: string, type: string = types.manifest) =>
  new Response(body, { headers: { "Content-Type": type } });

const isManifest = (url: URL) => url.pathname.includes("/manifests/");
const isBlob = (url: URL) => url.pathname.includes("/blobs/");

function endless(pace: number, chunk = new Uint8Array(65536).fill(0x20)): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      await Bun.sleep(pace);
      controller.enqueue(chunk);
    },
  });
}

/** An index in which each entry is an index again. */
function nested(depth: number): Map<string, string> {
  const documents = new Map<string, string>();
  let digest = `sha256:${"0".repeat(64)}`;
  for (let level = 0; level < depth; level++) {
    const body = JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: types.index, digest, size: 1 }] });
    digest = digestOf(new TextEncoder().encode(body));
    documents.set(digest, body);
  }
  documents.set("latest", documents.get(digest) ?? "");
  return documents;
}

const image = makeImage();
const other = makeImage({ author: "evil" });
const deep = nested(8);
const cyclic = JSON.stringify({
  schemaVersion: 2,
  manifests: [{ mediaType: types.index, digest: `sha256:${"0".repeat(64)}`, size: 1 }],
});

const answers: readonly (readonly [what: string, answer: Answer, expected: RegExp])[] = [
  ["a manifest without end", (_, url) => (isManifest(url) ? new Response(endless(0)) : undefined), /larger than 4 MiB/],
  ["a config without end", (_, url) => (isBlob(url) ? new Response(endless(0)) : undefined), /larger than 8 MiB/],
  [
    "an error without end",
    (_, url) => (isManifest(url) ? new Response(endless(0), { status: 400 }) : undefined),
    /answered 400/,
  ],
  [
    "a manifest a byte at a time",
    (_, url) => (isManifest(url) ? new Response(endless(100, new Uint8Array(1))) : undefined),
    /no answer within 1 s/,
  ],
  ["nothing", () => new Promise(() => {}), /no answer within 1 s/],
  [
    "another config than the manifest names",
    (_, url) => (isBlob(url) ? new Response(other.config) : undefined),
    /does not have the digest/,
  ],
  [
    "half of a config",
    (_, url) => (isBlob(url) ? new Response(image.config.slice(0, -9)) : undefined),
    /does not have the digest/,
  ],
  [
    "another manifest than it says",
    (_, url) =>
      isManifest(url)
        ? new Response(image.manifest, { headers: { "Docker-Content-Digest": other.digest } })
        : undefined,
    /does not have the digest/,
  ],
  ["an index that says it is a manifest", (_, url) => (isManifest(url) ? manifestOf(cyclic) : undefined), /media type/],
  [
    "a manifest that is an index as well",
    (_, url) =>
      isManifest(url) ? manifestOf(JSON.stringify({ ...JSON.parse(image.manifest), manifests: [] })) : undefined,
    /neither an image nor an index/,
  ],
  [
    "an index that leads to itself",
    (_, url) => (isManifest(url) ? manifestOf(cyclic, types.index) : undefined),
    /does not have the digest/,
  ],
  [
    "indexes in indexes",
    (_, url) =>
      isManifest(url) ? manifestOf(deep.get(url.pathname.split("/").at(-1) ?? "") ?? "", types.index) : undefined,
    /nested too deeply/,
  ],
  [
    "brackets without end",
    (_, url) => (isManifest(url) ? manifestOf("[".repeat(3_000_000)) : undefined),
    /not a JSON object/,
  ],
  [
    "objects in objects",
    (_, url) => (isManifest(url) ? manifestOf(`${'{"a":'.repeat(300_000)}1${"}".repeat(300_000)}`) : undefined),
    /not a JSON object|neither/,
  ],
  [
    "a digest that is a path",
    (_, url) =>
      isManifest(url) ? manifestOf(image.manifest.replaceAll(image.configDigest, "sha256:../../x")) : undefined,
    /valid digest/,
  ],
  [
    "names of JavaScript",
    (_, url) => (isManifest(url) ? manifestOf('{"__proto__": {"config": {}}, "constructor": 1}') : undefined),
    /neither an image nor an index/,
  ],
  [
    "an endless redirect",
    (_, url) => (url.pathname.startsWith("/v2/") ? Response.redirect(url.href, 307) : undefined),
    /redirects too often/,
  ],
  [
    "a redirect to a file",
    () => new Response(null, { status: 302, headers: { Location: "file:///etc/passwd" } }),
    /not a URL/,
  ],
  [
    "a redirect to a socket",
    () => new Response(null, { status: 302, headers: { Location: "unix:///run/docker.sock" } }),
    /not a URL/,
  ],
  [
    "a challenge without end",
    () => registryError(401, "UNAUTHORIZED", "no", { "WWW-Authenticate": `Bearer ${"a=".repeat(3000)}` }),
    /does not say where|denied/,
  ],
  ["an error that drives terminals", () => registryError(418, "X", payload), /answered 418/],
  ["a challenge to a file", () => challenge("file:///etc/passwd"), /does not say where/],
  [
    "a token that is a header",
    (_, url) =>
      url.pathname === "/token" ? Response.json({ token: "a\r\nx-evil: 1" }) : challenge(`${url.origin}/token`),
    /did not answer with a token/,
  ],
  [
    "a token without end",
    (_, url) => (url.pathname === "/token" ? new Response(endless(0)) : challenge(`${url.origin}/token`)),
    /larger than 1 MiB/,
  ],
];

describe.concurrent("a registry that answers with", () => {
  test.each(answers)("%s is told so, soon", async (_, answer, expected) => {
    const timeout = expected.source.includes("within 1 s") ? 1000 : 20_000;
    const told = await resolve(open(answer).host, { timeout });
    expect(told).toMatch(expected);
    expectHarmless(told);
    expect(told.length).toBeLessThan(1000);
  });

  const bomb = Buffer.alloc(16 * 1024 * 1024, 0x20);
  const bombs = [
    ["gzip", gzipSync(bomb, { level: 1 })],
    ["br", brotliCompressSync(bomb, { params: { 1: 1 } })],
    ["zstd", zstdCompressSync(bomb)],
    ["evil\u009b", new Uint8Array(10)],
  ] as const;
  test.each(bombs)("a bomb of %s has it refused, and not unpacked", async (coding, bytes) => {
    const name = coding.replace(/[^a-z]/g, "");
    const headers = { "Content-Encoding": name };
    const told = await resolve(open((_, url) => (isManifest(url) ? new Response(bytes, { headers }) : undefined)).host);
    expect(told).toMatch(/larger than 4 MiB|content encoding/);
  });

  test("what it compressed unasked is read", async () => {
    const headers = { "Content-Encoding": "gzip", "Content-Type": types.manifest };
    const answer: Answer = (_, url) =>
      isManifest(url) ? new Response(gzipSync(image.manifest), { headers }) : undefined;
    expect(await resolve(open(answer).host)).toBe("done");
  });
});

describe.concurrent("a password", () => {
  test("goes to no other host by a redirect, of the registry or of its token server", async () => {
    const thief = open(() => new Response("{}"));
    const redirect = () => new Response(null, { status: 307, headers: { Location: `http://${thief.host}/x` } });
    const wantsBasic = () => registryError(401, "X", "", { "WWW-Authenticate": "Basic" });
    const direct = open((request) => (request.headers.has("Authorization") ? redirect() : wantsBasic()));
    await resolve(direct.host, { credentials: login });
    const byToken = open((_, url) => (url.pathname === "/token" ? redirect() : challenge(`${url.origin}/token`)));
    await resolve(byToken.host, { credentials: login });
    await resolve(byToken.host, { credentials: { identityToken: password } });
    expect(direct.requests.some(({ authorization }) => authorization === `Basic ${basic}`)).toBe(true);
    expect(thief.requests.length).toBeGreaterThan(2);
    for (const { authorization, body, url } of thief.requests)
      expect(`${authorization}${body}${url}`).not.toMatch(/s3cret|Basic/);
  });

  test.each(["http://tokens.test/", "http://169.254.169.254/latest", "ftp://x/", "unix:/x"])(
    "does not leave TLS for the token server %s",
    async (realm) => {
      const challenge = { scheme: "bearer", parameters: new Map([["realm", realm]]) };
      const request = { host: "a.test", scope: "x", challenge, credentials: login, insecure: false };
      const told = await fetchToken(request, { timeout: 1000, userAgent: "x" }).catch(({ message }: Error) => message);
      expect(told).toMatch(/without TLS|does not say where/);
    },
  );

  test("with line ends begins no header", async () => {
    const registry = open(() => registryError(401, "X", "", { "WWW-Authenticate": "Basic" }));
    await resolve(registry.host, { credentials: { username: "a\r\nx-evil: 1", password: "b\r\nx-evil: 2" } });
    for (const { authorization } of registry.requests) expect(authorization ?? "").not.toContain("\n");
  });
});

describe.concurrent("TLS", () => {
  const serve = (tls: Bun.TLSOptions) => {
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", tls, fetch: () => new Response("secret page") });
    stops.push(() => server.stop(true));
    return server.port;
  };
  /** As a registry, a token server and whatever else is asked: all of them use this one function. */
  const ask = (url: string, tls: TlsOptions) =>
    sendRequest(
      { url, headers: { Authorization: `Basic ${basic}` }, limit: 1e6, subject: "x" },
      { timeout: 30_000, userAgent: "x", tls: () => tls },
    ).then(
      ({ body }) => new TextDecoder().decode(body),
      (error: Error) => error.message,
    );
  const ours = { ca: certificates.ca };

  test("of the right authority and name is trusted", async () => {
    expect(await ask(`https://127.0.0.1:${serve(certificates.server)}/`, ours)).toBe("secret page");
  });

  test.each([
    ["that has expired", certificates.expired, "127.0.0.1", ours, /expired/],
    ["for another name", certificates.server, "localhost", ours, /another host name/],
    ["of an authority that nobody named", certificates.stranger, "127.0.0.1", ours, /issuer|self-signed|another host/],
    ["of another authority", certificates.server, "127.0.0.1", { ca: certificates.otherCa }, /issuer/],
    ["that signed itself", selfSigned, "127.0.0.1", {}, /self-signed/],
    ["that signed itself, although others are trusted", selfSigned, "127.0.0.1", ours, /self-signed/],
  ] as const)("with a certificate %s is refused", async (_, tls, host, trust, expected) => {
    const told = await ask(`https://${host}:${serve(tls)}/`, trust);
    expect(told).toContain("is not trusted");
    expect(told).toMatch(expected);
  });

  test("without the client's certificate is refused where one is wanted", async () => {
    const port = serve({ ...certificates.server, ca: certificates.ca, requestCert: true, rejectUnauthorized: true });
    expect(await ask(`https://127.0.0.1:${port}/`, ours)).not.toBe("secret page");
    expect(await ask(`https://127.0.0.1:${port}/`, { ...ours, ...certificates.client })).toBe("secret page");
  });

  test("goes back to no version of before 1.2", async () => {
    const server = createServer({ ...certificates.server, minVersion: "TLSv1", maxVersion: "TLSv1.1" }, (socket) => {
      socket.on("error", () => {}).end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    });
    server.on("tlsClientError", () => {});
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    const told = await ask(`https://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`, ours);
    server.close();
    expect(told).toContain("does not speak TLS");
  });

  test("is not left by a redirect", async () => {
    const plain = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("plain") });
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls: certificates.server,
      fetch: () => Response.redirect(plain.url.href, 302),
    });
    stops.push(() => Promise.all([plain.stop(true), server.stop(true)]));
    expect(await ask(server.url.href, ours)).toContain("redirects from https to http");
  });
});

describe("variables of the runtime", () => {
  let told = "";
  beforeAll(async () => {
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls: selfSigned,
      fetch: () => new Response("secret page"),
    });
    const code = `
      const { sendRequest } = await import(${JSON.stringify(join("../../../src/image/http-request.ts"))});
      const request = { url: ${JSON.stringify(server.url.href)}, headers: { Authorization: "Basic ${basic}" }, limit: 1000, subject: "x" };
      const { body } = await sendRequest(request, { timeout: 30_000, userAgent: "x" }).catch((error) => ({ body: Buffer.from(error.message) }));
      process.stdout.write(new TextDecoder().decode(body));`;
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0", BUN_CONFIG_VERBOSE_FETCH: "curl", PATH: "/usr/bin" };
    const child = Bun.spawn([process.execPath, "-e", code], { env, stdout: "pipe", stderr: "pipe" });
    told = (await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])).join("");
    await server.stop(true);
  });

  function join(path: string): string {
    return new URL(path, import.meta.url).pathname;
  }

  test("switch no check of certificates off", () => {
    expect(told).toContain("is not trusted");
    expect(told).not.toContain("secret page");
  });

  test("print no logins", () => {
    expect(told).not.toContain(basic);
    expect(told).not.toContain("Authorization");
  });
});

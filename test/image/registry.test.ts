import { describe, expect, test } from "bun:test";
import type { CredentialSource } from "../../src/image/credentials.ts";
import { mirrorEndpoint, originEndpoint } from "../../src/image/endpoint.ts";
import { Registry } from "../../src/image/registry.ts";
import { rejectionOf } from "./failure.ts";
import {
  digestOfText,
  type Guard,
  makeImage,
  registryError,
  singleImage,
  startRegistries,
  startRegistry,
  types,
} from "./fake-registry.ts";
import { selfSigned } from "./self-signed.ts";

const start = startRegistries();

const nobody: CredentialSource = async () => undefined;

function open(host: string, credentials: CredentialSource = nobody, timeout = 5000): Registry {
  return new Registry(originEndpoint(host), credentials, { timeout, userAgent: "test" });
}

/** Wants this bearer token; its token server is `/token` of the same host. */
function bearerGuard(token: string, tokenServer: (request: Request, url: URL) => Promise<Response> | Response): Guard {
  return (request, url) => {
    if (url.pathname === "/token") return tokenServer(request, url);
    if (request.headers.get("Authorization") === `Bearer ${token}`) return undefined;
    const challenge = `Bearer realm="${url.origin}/token",service="fake",scope="repository:app:pull"`;
    return registryError(401, "UNAUTHORIZED", "authentication required", { "WWW-Authenticate": challenge });
  };
}

const basicOf = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;

describe("manifest and blob", () => {
  test("come from the registry with their digests checked", async () => {
    const image = makeImage();
    const registry = open(start(singleImage(image)).host);
    const manifest = await registry.manifest("app", "latest");
    expect(manifest.digest).toBe(image.digest);
    expect(manifest.mediaType).toBe(types.manifest);
    const blob = await registry.blob("app", descriptor(image.configDigest));
    expect(new TextDecoder().decode(blob)).toBe(image.config);
  });

  test("ask for indexes and manifests of OCI and Docker", async () => {
    const fake = start(singleImage());
    await open(fake.host).manifest("app", "latest");
    expect(fake.requests[0]?.accept?.split(", ").sort()).toEqual(
      [types.index, types.list, types.manifest, types.schema2].sort(),
    );
  });

  test("a manifest without the digest that was asked for is refused", async () => {
    const wanted = digestOfText("something else");
    const fake = start({
      manifests: new Map([[wanted, { type: types.manifest, body: makeImage().manifest }]]),
      blobs: new Map(),
    });
    const error = await rejectionOf(open(fake.host).manifest("app", wanted));
    expect(error.message).toBe(`${fake.host} sent a manifest that does not have the digest ${wanted}`);
  });

  test("a manifest that contradicts Docker-Content-Digest is refused", async () => {
    const headers = { "Docker-Content-Digest": digestOfText("x") };
    const fake = start(singleImage(), () => new Response(makeImage().manifest, { headers }));
    expect((await rejectionOf(open(fake.host).manifest("app", "latest"))).message).toContain(
      "does not have the digest",
    );
  });

  test("a blob without its digest is refused", async () => {
    const wanted = digestOfText("wanted");
    const fake = start({ manifests: new Map(), blobs: new Map([[wanted, "other"]]) });
    expect((await rejectionOf(open(fake.host).blob("app", descriptor(wanted)))).message).toContain("sent a blob that");
  });

  test("a manifest of more than 4 MiB is not read to its end", async () => {
    let sent = 0;
    const endless = new ReadableStream({
      async pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(1024 * 1024));
        await Bun.sleep(1);
      },
    });
    const fake = start(singleImage(), () => new Response(endless));
    const error = await rejectionOf(open(fake.host).manifest("app", "latest"));
    expect(error.message).toBe('"app:latest" is larger than 4 MiB');
    expect(sent).toBeLessThan(32);
  });
});

describe("a manifest is put", () => {
  const content = { mediaType: types.index, bytes: new TextEncoder().encode('{"schemaVersion":2}') };

  test("with its type and bytes, and a token that may push instead of one that may pull", async () => {
    const scopes: (string | null)[] = [];
    const fake = start(singleImage(), async (request, url) => {
      if (url.pathname === "/token") {
        const scope = url.searchParams.get("scope");
        scopes.push(scope);
        return Response.json({ token: scope });
      }
      const wanted = `repository:app:${request.method === "PUT" ? "pull,push" : "pull"}`;
      const given = request.headers.get("Authorization");
      if (given === `Bearer repository:app:pull,push` || given === `Bearer ${wanted}`) {
        return request.method === "PUT"
          ? new Response(request.headers.get("Content-Type"), { status: 201 })
          : undefined;
      }
      const challenge = `Bearer realm="${url.origin}/token",service="fake",scope="${wanted}"`;
      return registryError(401, "UNAUTHORIZED", "no", { "WWW-Authenticate": challenge });
    });
    const registry = open(fake.host);
    await registry.manifest("app", "latest");
    await registry.putManifest("app", "new", content);
    expect(scopes).toEqual(["repository:app:pull", "repository:app:pull,push"]);
    const last = fake.requests.at(-1);
    expect([last?.method, last?.url.pathname, last?.body]).toEqual([
      "PUT",
      "/v2/app/manifests/new",
      '{"schemaVersion":2}',
    ]);
  });

  test("where a redirect leads", async () => {
    const there = start(singleImage(), () => new Response(null, { status: 201 }));
    const headers = { Location: `http://${there.host}/v2/moved/manifests/new` };
    const here = start(singleImage(), () => new Response(null, { status: 307, headers }));
    await open(here.host).putManifest("app", "new", content);
    expect(there.requests.map(({ method, body }) => [method, body])).toEqual([["PUT", '{"schemaVersion":2}']]);
  });

  test("and the registry's reason is told when it is not", async () => {
    const fake = start(singleImage(), () => registryError(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry"));
    const error = await rejectionOf(open(fake.host).putManifest("app", "new", content));
    expect(error.message).toBe(`${fake.host} answered 400 to the request for "app:new" (blob unknown to registry)`);
  });
});

describe("authorization", () => {
  test("an anonymous token is fetched once and used for what follows", async () => {
    const image = makeImage();
    const fake = start(
      singleImage(image),
      bearerGuard("t0k", () => Response.json({ token: "t0k" })),
    );
    const registry = open(fake.host);
    await registry.manifest("app", "latest");
    await registry.blob("app", descriptor(image.configDigest));
    const tokens = fake.requests.filter(({ url }) => url.pathname === "/token");
    expect(tokens.map(({ url, authorization }) => [url.search, authorization])).toEqual([
      ["?service=fake&scope=repository%3Aapp%3Apull", null],
    ]);
    expect(fake.requests).toHaveLength(4);
  });

  test("requests at the same time share one token", async () => {
    const image = makeImage();
    const fake = start(
      singleImage(image),
      bearerGuard("t0k", async () => {
        await Bun.sleep(20);
        return Response.json({ access_token: "t0k" });
      }),
    );
    const registry = open(fake.host);
    await Promise.all([1, 2, 3, 4].map(() => registry.manifest("app", "latest")));
    expect(fake.requests.filter(({ url }) => url.pathname === "/token")).toHaveLength(1);
  });

  test("a token that has run out is fetched again", async () => {
    let count = 0;
    const fake = start(singleImage(), (request, url) => {
      if (url.pathname === "/token") return Response.json({ token: `t${++count}` });
      if (count > 0 && request.headers.get("Authorization") === `Bearer t${count}` && fake.requests.length !== 4)
        return;
      return registryError(401, "UNAUTHORIZED", "no", { "WWW-Authenticate": `Bearer realm="${url.origin}/token"` });
    });
    const registry = open(fake.host);
    await registry.manifest("app", "latest");
    await registry.manifest("app", "latest");
    expect(count).toBe(2);
  });

  test("a password gets a token with basic auth", async () => {
    const fake = start(
      singleImage(),
      bearerGuard("t0k", (request) =>
        request.headers.get("Authorization") === basicOf("ann", "pw")
          ? Response.json({ token: "t0k" })
          : registryError(401, "UNAUTHORIZED", "no"),
      ),
    );
    await open(fake.host, async () => ({ username: "ann", password: "pw" })).manifest("app", "latest");
    expect(fake.requests.find(({ url }) => url.pathname === "/token")?.url.searchParams.get("account")).toBe("ann");
  });

  test("an identity token gets a token with an OAuth form", async () => {
    const fake = start(
      singleImage(),
      bearerGuard("t0k", () => Response.json({ access_token: "t0k" })),
    );
    await open(fake.host, async () => ({ identityToken: "id" })).manifest("app", "latest");
    const request = fake.requests.find(({ url }) => url.pathname === "/token");
    expect(request?.method).toBe("POST");
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: "refresh_token",
      client_id: "luakit",
      refresh_token: "id",
      service: "fake",
      scope: "repository:app:pull",
    });
  });

  test("a registry token is used as it is", async () => {
    const fake = start(
      singleImage(),
      bearerGuard("ready", () => registryError(500, "X", "not to be called")),
    );
    await open(fake.host, async () => ({ registryToken: "ready" })).manifest("app", "latest");
    expect(fake.requests.map(({ url }) => url.pathname)).not.toContain("/token");
  });

  test("basic auth is asked for once, for all repositories", async () => {
    const fake = start(singleImage(), (request) =>
      request.headers.get("Authorization") === basicOf("ann", "pw")
        ? undefined
        : registryError(401, "UNAUTHORIZED", "no", { "WWW-Authenticate": 'Basic realm="x"' }),
    );
    const registry = open(fake.host, async () => ({ username: "ann", password: "pw" }));
    await registry.manifest("app", "latest");
    await registry.manifest("other", "latest");
    expect(fake.requests.map(({ authorization }) => authorization)).toEqual([
      null,
      basicOf("ann", "pw"),
      basicOf("ann", "pw"),
    ]);
  });

  test("without a login the error says to log in", async () => {
    const fake = start(singleImage(), () =>
      registryError(401, "UNAUTHORIZED", "no", { "WWW-Authenticate": 'Basic realm="x"' }),
    );
    const error = await rejectionOf(open(fake.host).manifest("app", "latest"));
    expect(error.message).toBe(`${fake.host} denied access to "app": it does not exist or needs a login`);
    expect(error.hint).toBe(`log in with "docker login ${fake.host}"`);
  });

  test("a wrong login is told apart, and not shown", async () => {
    const fake = start(
      singleImage(),
      bearerGuard("t0k", () => registryError(401, "UNAUTHORIZED", "no")),
    );
    const error = await rejectionOf(
      open(fake.host, async () => ({ username: "ann", password: "hunter2" })).manifest("app", "latest"),
    );
    expect(error.message).toBe(`${fake.host} denied access with the stored login`);
    expect(JSON.stringify([error.message, error.hint, String(error.cause)])).not.toContain("hunter2");
  });

  test("403 is a denial too", async () => {
    const fake = start(singleImage(), () => registryError(403, "DENIED", "no"));
    expect((await rejectionOf(open(fake.host).manifest("app", "latest"))).message).toContain("denied access");
  });

  test("credentials are asked for only when the registry wants them", async () => {
    const fake = start(singleImage());
    const credentials: CredentialSource = () => Promise.reject(new Error("not to be called"));
    await open(fake.host, credentials).manifest("app", "latest");
  });

  test.each([
    ["no realm", "Bearer service=x"],
    ["a realm that is no URL", 'Bearer realm="file:///etc/passwd"'],
  ])("a challenge with %s is refused", async (_, challenge) => {
    const fake = start(singleImage(), () => registryError(401, "X", "no", { "WWW-Authenticate": challenge }));
    expect((await rejectionOf(open(fake.host).manifest("app", "latest"))).message).toContain("does not say where");
  });

  test("a token server without a token is named", async () => {
    const fake = start(
      singleImage(),
      bearerGuard("t", () => Response.json({ token: "bad\nheader" })),
    );
    expect((await rejectionOf(open(fake.host).manifest("app", "latest"))).message).toContain(
      "did not answer with a token",
    );
  });
});

describe("redirects", () => {
  test("another host does not get Authorization, the same one does", async () => {
    const image = makeImage();
    const storage = start(singleImage(image));
    const fake = start(singleImage(image), (request, url) => {
      if (request.headers.get("Authorization") === null) {
        return registryError(401, "X", "no", { "WWW-Authenticate": 'Basic realm="x"' });
      }
      if (url.pathname.includes("/blobs/")) return Response.redirect(`http://${storage.host}${url.pathname}`, 307);
      if (url.pathname.endsWith("/latest"))
        return new Response(null, { status: 302, headers: { Location: `/v2/app/manifests/${image.digest}` } });
      return undefined;
    });
    const registry = open(fake.host, async () => ({ username: "ann", password: "pw" }));
    await registry.manifest("app", "latest");
    await registry.blob("app", descriptor(image.configDigest));
    expect(storage.requests.map(({ authorization }) => authorization)).toEqual([null]);
    expect(fake.requests.at(-2)?.authorization).toBe(basicOf("ann", "pw"));
  });

  test("an endless one is given up", async () => {
    const fake = start(singleImage(), (_, url) => Response.redirect(url.href, 307));
    expect((await rejectionOf(open(fake.host).manifest("app", "latest"))).message).toContain("redirects too often");
    expect(fake.requests).toHaveLength(6);
  });

  test("to something else than http are refused", async () => {
    const fake = start(
      singleImage(),
      () => new Response(null, { status: 307, headers: { Location: "file:///etc/passwd" } }),
    );
    expect((await rejectionOf(open(fake.host).manifest("app", "latest"))).message).toContain("not a URL");
  });
});

describe("failures", () => {
  test("one 503 is tried again", async () => {
    let calls = 0;
    const fake = start(singleImage(), () => (calls++ === 0 ? new Response("busy", { status: 503 }) : undefined));
    expect((await open(fake.host).manifest("app", "latest")).digest).toBe(makeImage().digest);
  });

  test("a lasting 500 is reported with what the registry said, without control characters", async () => {
    const fake = start(singleImage(), () => registryError(500, "UNKNOWN", "disk\u001b[31mfull"));
    const error = await rejectionOf(open(fake.host).manifest("app", "latest"));
    expect(error.message).toBe(`${fake.host} answered 500 to the request for "app:latest" (disk [31mfull)`);
    expect(fake.requests).toHaveLength(2);
  });

  test("404 of a tag and of a repository", async () => {
    const fake = start(singleImage(), (_, url) =>
      url.pathname.includes("/none/") ? registryError(404, "NAME_UNKNOWN", "repository name not known") : undefined,
    );
    const registry = open(fake.host);
    expect((await rejectionOf(registry.manifest("app", "3"))).message).toBe(`${fake.host} has no "app:3"`);
    expect((await rejectionOf(registry.manifest("none", "3"))).message).toBe(`${fake.host} has no repository "none"`);
  });

  test("429 is a limit of requests", async () => {
    const fake = start(singleImage(), () => registryError(429, "TOOMANYREQUESTS", "slow down"));
    expect((await rejectionOf(open(fake.host).manifest("app", "latest"))).message).toContain("limits the rate");
  });

  test("a refused connection", async () => {
    const fake = startRegistry(singleImage());
    await fake.stop();
    const error = await rejectionOf(open(fake.host).manifest("app", "latest"));
    expect(error.message).toBe(`${fake.host} refused the connection`);
  });

  test("a host name that DNS does not know", async () => {
    const error = await rejectionOf(open("nowhere.invalid").manifest("app", "latest"));
    expect(error.message).toBe("the host name of nowhere.invalid is not known to DNS");
  });

  test("a registry that never answers", async () => {
    const fake = start(singleImage(), () => new Promise<Response>(() => {}));
    const error = await rejectionOf(open(fake.host, nobody, 100).manifest("app", "latest"));
    expect(error.message).toBe(`${fake.host} gave no answer within 0.1 s`);
  });

  test("a body that never ends", async () => {
    const stalled = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) });
    const fake = start(singleImage(), () => new Response(stalled));
    const error = await rejectionOf(open(fake.host, nobody, 100).manifest("app", "latest"));
    expect(error.message).toContain("gave no answer within");
  });

  test("an abort by the caller is not turned into something else", async () => {
    const fake = start(singleImage(), () => new Promise<Response>(() => {}));
    const signal = AbortSignal.timeout(50);
    const registry = new Registry(originEndpoint(fake.host), nobody, { timeout: 5000, userAgent: "test", signal });
    const reason = await registry.manifest("app", "latest").catch((error: unknown) => error);
    expect(reason).toBe(signal.reason);
  });
});

describe("TLS", () => {
  const content = singleImage();
  const serve = () =>
    Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls: selfSigned,
      fetch: () => new Response(content.manifests.get("latest")?.body),
    });

  test("a self-signed certificate is not trusted", async () => {
    const server = serve();
    const host = `127.0.0.1:${server.port}`;
    const endpoint = mirrorEndpoint(`https://${host}`, "docker.io");
    const error = await rejectionOf(
      new Registry(endpoint, nobody, { timeout: 5000, userAgent: "test" }).manifest("app", "latest"),
    );
    await server.stop(true);
    expect(error.message).toContain(`the TLS certificate of ${host} is not trusted (it is self-signed)`);
  });

  test("it is, when its authority is given", async () => {
    const server = serve();
    const endpoint = mirrorEndpoint(`https://127.0.0.1:${server.port}`, "docker.io");
    const http = { timeout: 5000, userAgent: "test", tls: () => ({ ca: selfSigned.cert }) };
    await new Registry(endpoint, nobody, http).manifest("app", "latest");
    await server.stop(true);
  });

  test("an insecure host that speaks TLS after all is spoken to over TLS", async () => {
    const server = serve();
    await open(`127.0.0.1:${server.port}`).manifest("app", "latest");
    await server.stop(true);
  });

  test("plain http where TLS is wanted", async () => {
    const fake = start(content);
    const endpoint = mirrorEndpoint(`https://${fake.host}`, "docker.io");
    const error = await rejectionOf(
      new Registry(endpoint, nobody, { timeout: 5000, userAgent: "test" }).manifest("app", "latest"),
    );
    expect(error.message).toBe(`${fake.host} does not speak TLS`);
    expect(error.hint).toEndWith(`LUAKIT_REGISTRY_MIRRORS=${fake.host}=http://${fake.host}`);
  });
});

function descriptor(digest: string) {
  return { mediaType: types.config, digest, size: 0, annotations: new Map<string, string>() };
}

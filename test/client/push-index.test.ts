import { afterEach, expect, test } from "bun:test";
import type { Server } from "bun";
import type { IndexPush } from "../../src/client/pool-request.ts";
import { pushIndex } from "../../src/client/push-index.ts";
import { digestOf } from "../../src/image/digest.ts";
import type { TlsOptions } from "../../src/image/http-request.ts";
import { rejectionOf } from "../image/failure.ts";
import { digestOfText, types } from "../image/fake-registry.ts";
import { selfSigned } from "../image/self-signed.ts";

const running: Server<undefined>[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop(true);
});

const parts = ["amd64", "arm64"].map((architecture) => {
  const entry = {
    mediaType: types.manifest,
    digest: digestOfText(architecture),
    size: 1,
    platform: { os: "linux", architecture },
  };
  return JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: [entry] });
});
const digests = parts.map(digestOfText);

/** A registry that has the parts in every repository; what is put is in `puts`, by path. */
function start(tls: { readonly tls?: { readonly cert: string; readonly key: string } } = {}, refused = "") {
  const puts = new Map<string, { readonly type: string | null; readonly body: string }>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    ...tls,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method === "PUT") {
        if (refused !== "" && pathname.endsWith(refused)) return new Response("no", { status: 405 });
        puts.set(pathname, { type: request.headers.get("Content-Type"), body: await request.text() });
        return new Response(null, { status: 201 });
      }
      const part = parts.find((_, index) => pathname.endsWith(digests[index] ?? "none"));
      return part === undefined ? new Response(null, { status: 404 }) : new Response(part);
    },
  });
  running.push(server);
  return { host: `127.0.0.1:${server.port}`, puts };
}

function push(given: Partial<IndexPush>, insecure: readonly string[] = [], tls: readonly [string, TlsOptions][] = []) {
  return pushIndex({ names: [], byDigest: false, insecure: false, ...given }, digests, {
    credentials: async () => undefined,
    registries: { insecure, tls: new Map(tls) },
    tls: async () => undefined,
    userAgent: "test",
    signal: new AbortController().signal,
  });
}

test("one index is put under every name, in every registry", async () => {
  const [one, two] = [start(), start()];
  const index = await push({ names: [`${one.host}/app:1`, `${one.host}/other/app:2`, `${two.host}/app:latest`] });
  expect([...one.puts.keys()].sort()).toEqual(["/v2/app/manifests/1", "/v2/other/app/manifests/2"]);
  expect([...two.puts.keys()]).toEqual(["/v2/app/manifests/latest"]);
  for (const { type, body } of [...one.puts.values(), ...two.puts.values()]) {
    expect([type, digestOfText(body)]).toEqual([types.index, index.digest]);
  }
  expect(digestOf(index.bytes)).toBe(index.digest);
  const { manifests } = JSON.parse(new TextDecoder().decode(index.bytes));
  expect(manifests.map(({ platform }: { platform: { architecture: string } }) => platform.architecture)).toEqual([
    "amd64",
    "arm64",
  ]);
});

test("by digest it has no tag", async () => {
  const { host, puts } = start();
  const { digest } = await push({ names: [`${host}/app`], byDigest: true });
  expect([...puts.keys()]).toEqual([`/v2/app/manifests/${digest}`]);
});

test("a registry that speaks TLS is reached, too", async () => {
  const { host, puts } = start({ tls: selfSigned });
  const name = host.replace("127.0.0.1", "localhost");
  await push({ names: [`${name}/app:1`] }, [], [[name, { ca: selfSigned.cert }]]);
  expect(puts.size).toBe(1);
});

test("a name that cannot be pushed is told with the registry's reason", async () => {
  const { host } = start({}, "/2");
  const error = await rejectionOf(push({ names: [`${host}/app:1`, `${host}/app:2`] }));
  expect(error.code).toBe("image.push");
  expect(error.message).toBe(`cannot push the index "${host}/app:2": ${host} answered 405 to the request for "app:2"`);
});

test("a part that is not in the registry is told", async () => {
  const { host } = start();
  const missing = digestOfText("nothing");
  const error = await rejectionOf(
    pushIndex({ names: [`${host}/app:1`], byDigest: false, insecure: false }, [missing], {
      credentials: async () => undefined,
      registries: { insecure: [], tls: new Map() },
      tls: async () => undefined,
      userAgent: "test",
      signal: new AbortController().signal,
    }),
  );
  expect(error.message).toBe(`cannot push the index "${host}/app:1": ${host} has no "app@${missing}"`);
});

import { describe, expect, test } from "bun:test";
import { createResolver, type ResolverOptions } from "../../src/image/resolve.ts";
import { rejectionOf } from "./failure.ts";
import {
  amd64,
  type Content,
  digestOfText,
  makeImage,
  multiImage,
  registryError,
  singleImage,
  startRegistries,
  startRegistry,
  types,
} from "./fake-registry.ts";

const start = startRegistries();

const resolver = (options: Partial<ResolverOptions> = {}) =>
  createResolver({ credentials: async () => undefined, ...options });
const arm64 = { os: "linux", architecture: "arm64" } as const;
const one = makeImage({ variant: "one" });

describe("resolve", () => {
  test("gives the config of a single image", async () => {
    const image = makeImage();
    const { host } = start(singleImage(image));
    const resolved = await resolver().resolve(`${host}/app`, amd64);
    expect(resolved).toMatchObject({
      reference: `${host}/app:latest`,
      digest: image.digest,
      configDigest: image.configDigest,
      platform: amd64,
    });
    expect(resolved.config.config.Env).toEqual(["A=1"]);
    expect(new TextDecoder().decode(resolved.configBytes)).toBe(image.config);
  });

  test("chooses the platform from an index and gives the index's digest", async () => {
    const images = [
      { platform: { os: "unknown", architecture: "unknown" }, image: makeImage({ config: { Env: ["P=none"] } }) },
      { platform: amd64, image: makeImage({ config: { Env: ["P=amd64"] } }) },
      {
        platform: { ...arm64, variant: "v8" },
        image: makeImage({ ...arm64, variant: "v8", config: { Env: ["P=arm64"] } }),
      },
    ];
    const content = multiImage(images);
    const { host } = start(content);
    const { resolve } = resolver();
    const [first, second] = await Promise.all([resolve(`${host}/app`, amd64), resolve(`${host}/app`, arm64)]);
    expect(first.config.config.Env).toEqual(["P=amd64"]);
    expect(second.config.config.Env).toEqual(["P=arm64"]);
    expect(second.platform).toEqual(arm64);
    expect(first.digest).toBe(content.digest);
  });

  test("lists the platforms that there are", async () => {
    const { host } = start(
      multiImage([
        { platform: { os: "unknown", architecture: "unknown" }, image: makeImage() },
        { platform: { ...arm64, variant: "v8" }, image: one },
        { platform: amd64, image: makeImage() },
      ]),
    );
    const error = await rejectionOf(resolver().resolve(`${host}/app`, { os: "linux", architecture: "s390x" }));
    expect(error.message).toContain("there is no image for linux/s390x: it has linux/amd64, linux/arm64");
    expect(error.hint).toContain("--no-resolve");
  });

  test("an entry without a platform is judged by its config", async () => {
    const { host } = start(multiImage([{ image: makeImage() }]));
    expect((await resolver().resolve(`${host}/app`, amd64)).platform).toEqual(amd64);
    expect((await rejectionOf(resolver().resolve(`${host}/app`, arm64))).message).toContain("it has linux/amd64");
  });

  test("a name with tag and digest goes by the digest", async () => {
    const image = makeImage();
    const { host } = start(singleImage(image));
    const resolved = await resolver().resolve(`${host}/app:gone@${image.digest}`, amd64);
    expect(resolved.digest).toBe(image.digest);
    expect(resolved.reference).toBe(`${host}/app:gone@${image.digest}`);
  });

  test("asks once for the same image and platform, and for an index only once at all", async () => {
    const fake = start(
      multiImage([
        { platform: amd64, image: makeImage() },
        { platform: arm64, image: makeImage({ ...arm64 }) },
      ]),
    );
    const { resolve } = resolver();
    const names = [`${fake.host}/app`, `${fake.host}/app:latest`];
    await Promise.all([...names, ...names].flatMap((name) => [resolve(name, amd64), resolve(name, arm64)]));
    const paths = fake.requests.map(({ url }) => url.pathname);
    expect(paths).toHaveLength(5);
    expect(new Set(paths).size).toBe(5);
  });

  test("works on several at once, but not on more than allowed", async () => {
    let now = 0;
    let most = 0;
    const { host } = start(singleImage(), async () => {
      most = Math.max(most, ++now);
      await Bun.sleep(10);
      now--;
      return undefined;
    });
    const { resolve } = resolver({ concurrency: 3 });
    await Promise.all(Array.from({ length: 9 }, (_, index) => resolve(`${host}/app${index}`, amd64)));
    expect(most).toBe(3);
  });
});

describe("mirrors", () => {
  test("go before the registry and are told for whom", async () => {
    const mirror = start(singleImage());
    const resolved = await resolver({ mirrors: { "docker.io": [mirror.host] } }).resolve("alpine", amd64);
    expect(resolved.reference).toBe("docker.io/library/alpine:latest");
    expect(mirror.requests[0]?.url.pathname).toBe("/v2/library/alpine/manifests/latest");
    expect(mirror.requests[0]?.url.search).toBe("?ns=docker.io");
  });

  test("that fail leave it to the next and to the registry", async () => {
    const gone = startRegistry(singleImage());
    await gone.stop();
    const empty = start({ manifests: new Map(), blobs: new Map() });
    const origin = start(singleImage());
    const { resolve } = resolver({ mirrors: { [origin.host]: [gone.host, `http://${empty.host}/prefix`] } });
    expect((await resolve(`${origin.host}/app`, amd64)).digest).toBe(makeImage().digest);
    expect(empty.requests[0]?.url.pathname).toBe("/v2/prefix/app/manifests/latest");
  });

  test("are named when all fail", async () => {
    const empty = { manifests: new Map(), blobs: new Map() };
    const [mirror, origin] = [start(empty), start(empty)];
    const { resolve } = resolver({ mirrors: { [origin.host]: [mirror.host] } });
    const error = await rejectionOf(resolve(`${origin.host}/app`, amd64));
    expect(error.message).toContain(
      `${origin.host} has no "app:latest" (the mirror ${mirror.host}: ${mirror.host} has no`,
    );
  });
});

describe("failures", () => {
  test("name the image, the cause and both ways out", async () => {
    const fake = startRegistry(singleImage());
    await fake.stop();
    const error = await rejectionOf(resolver().resolve(`${fake.host}/app`, amd64));
    expect(error.code).toBe("image.resolve");
    expect(error.message).toBe(
      `cannot resolve the image "${fake.host}/app:latest": ${fake.host} refused the connection`,
    );
    expect(error.hint).toBe(
      `check that the registry at ${fake.host} is running; or use --no-resolve to build without the image's config`,
    );
  });

  test("a denied one names the login", async () => {
    const { host } = start(singleImage(), () => registryError(401, "UNAUTHORIZED", "no"));
    const error = await rejectionOf(resolver().resolve(`${host}/app`, amd64));
    expect(error.hint).toBe(
      `log in with "docker login ${host}"; or use --no-resolve to build without the image's config`,
    );
  });

  test("a bad name is a bad name", async () => {
    expect((await rejectionOf(resolver().resolve("Alpine", amd64))).code).toBe("image.reference");
  });

  const document = (body: unknown, type: string): Content => ({
    manifests: new Map([["latest", { type, body: typeof body === "string" ? body : JSON.stringify(body) }]]),
    blobs: new Map(),
  });
  const config = { mediaType: types.config, digest: digestOfText("x"), size: 1 };

  test.each([
    [
      "schema 1",
      { schemaVersion: 1, fsLayers: [] },
      "application/vnd.docker.distribution.manifest.v1+prettyjws",
      "schema 1",
    ],
    ["no JSON", "<html>", "text/html", "not a JSON object"],
    ["neither", {}, types.manifest, "neither an image nor an index"],
    ["both", { config, manifests: [] }, types.manifest, "neither an image nor an index"],
    ["a wrong type", { config, layers: [] }, types.index, "does not fit"],
    ["a wrong inner type", { mediaType: types.schema2, manifests: [] }, "", "does not fit"],
    [
      "a chart",
      { config: { ...config, mediaType: "application/vnd.cncf.helm.config.v1+json" } },
      types.manifest,
      "not a container image",
    ],
    ["a path as digest", { config: { ...config, digest: "../../x" } }, types.manifest, "without a valid digest"],
    ["a huge config", { config: { ...config, size: 9 * 1024 * 1024 } }, types.manifest, "larger than 8 MiB"],
    ["an empty index", { manifests: [] }, types.index, "it has none"],
  ])("a manifest that is %s is refused", async (_, body, type, message) => {
    const { host } = start(document(body, type));
    expect((await rejectionOf(resolver().resolve(`${host}/app`, amd64))).message).toContain(message);
  });

  test("a config of the wrong shape names its member", async () => {
    const { host } = start(singleImage(makeImage({ config: { Env: "A=1" } })));
    const error = await rejectionOf(resolver().resolve(`${host}/app`, amd64));
    expect(error.code).toBe("image.config");
    expect(error.message).toContain('"config.Env" must be a list of strings');
  });

  test("an index that contains itself ends", async () => {
    const body = JSON.stringify({
      manifests: [{ mediaType: types.index, digest: digestOfText("a"), size: 1, platform: amd64 }],
    });
    const { host } = start(document(body, types.index), (_, url) =>
      url.pathname.endsWith("latest") ? undefined : new Response(body),
    );
    expect((await rejectionOf(resolver().resolve(`${host}/app`, amd64))).message).toContain("does not have the digest");
  });
});

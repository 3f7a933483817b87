import { describe, expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import type { FrontendSolve } from "../../src/gateway/result.ts";
import { Definition, Op } from "../../src/gen/ops.ts";
import { run } from "../../src/llb/exec.ts";
import { dockerfile, frontend } from "../../src/llb/frontend.ts";
import { merge } from "../../src/llb/merge.ts";
import { image } from "../../src/llb/source-image.ts";
import { local } from "../../src/llb/source-local.ts";
import { type State, scratch, withMetadata } from "../../src/llb/state.ts";
import { noBaseImages } from "../../src/script/base-images.ts";
import { defineBuild, imageConfigOf } from "../../src/script/define-build.ts";
import { type SolveFrontendsOptions, solveFrontends } from "../../src/script/frontends.ts";
import { type FakeGateway, fakeGateway, resultOf } from "./fake-gateway.ts";

const platform = { os: "linux", architecture: "amd64" };
const alpine = image("docker.io/library/alpine:3.20", {}, {});
const location = { source: { name: "build.lua", data: "a\nb\n" }, line: 2 };
const config = {
  os: "linux",
  architecture: "amd64",
  config: { Env: ["FROM=dockerfile"], WorkingDir: "/work", User: "app", Cmd: ["serve"] },
};

function solve(gateway: FakeGateway, state: State, options: Partial<SolveFrontendsOptions> = {}) {
  return solveFrontends(gateway, state, { platform, images: noBaseImages, settings: {}, ...options });
}

async function defined(gateway: FakeGateway, state: State) {
  const { images, graphOf } = await solve(gateway, state);
  return defineBuild({ state, config: {} }, platform, images, { graphOf });
}

async function problem(gateway: FakeGateway, state: State): Promise<LuakitError> {
  const error = await solve(gateway, state).catch((each: unknown) => each);
  if (error instanceof LuakitError) return error;
  throw new Error(`no error: ${error}`);
}

/** The commands and sources of an input, in the order of its Definition. */
function opsOf({ inputs }: Pick<FrontendSolve, "inputs">, name: string): string[] {
  const { def } = Definition.decode(inputs[name] ?? new Uint8Array());
  return def.slice(0, -1).map((bytes) => {
    const { source, exec, file } = Op.decode(bytes);
    return source?.identifier ?? exec?.meta?.args.at(-1) ?? (file === undefined ? "merge" : "files");
  });
}

describe("a Dockerfile of the context", () => {
  test("is asked for as docker build does: the daemon itself reads the context", async () => {
    const gateway = fakeGateway({ frontend: () => resultOf(alpine) });
    await solve(gateway, dockerfile({ target: "app", buildArgs: new Map([["V", "1"]]) }, {}));
    const [request] = gateway.asked;
    expect(request).toMatchObject({
      frontend: "dockerfile.v0",
      options: { "build-arg:V": "1", filename: "Dockerfile", platform: "linux/amd64", target: "app" },
    });
    expect(Object.keys(request?.inputs ?? {})).toEqual(["dockerfile"]);
    expect(gateway.solved).toEqual([]);
  });

  test("gives the ops and the settings of what follows", async () => {
    const gateway = fakeGateway({ frontend: () => resultOf(run(alpine, "make", {}, {}), { config }) });
    const { bytes, ops } = await defined(gateway, run(dockerfile({}, {}), "pwd", {}, {}));
    expect(ops).toHaveLength(3);
    const [, , last] = ops.map(({ start, end }) => Op.decode(bytes.subarray(start, end)));
    expect(last?.exec?.meta).toMatchObject({ env: ["FROM=dockerfile"], cwd: "/work", user: "app" });
  });

  test("gives the config of the image", async () => {
    const gateway = fakeGateway({ frontend: () => resultOf(alpine, { config }) });
    const state = dockerfile({}, {});
    const { images, baseConfigOf } = await solve(gateway, state);
    const found = await imageConfigOf({ state, config: { user: "root" } }, platform, images);
    expect(found.config).toMatchObject({ Cmd: ["serve"], User: "root", WorkingDir: "/work" });
    expect(state.base && baseConfigOf(state.base)).toBeUndefined();
  });

  test("is made for the platform that it names, else for that of the build", async () => {
    const gateway = fakeGateway({ frontend: () => resultOf(alpine) });
    await solve(gateway, dockerfile({ platform: { os: "linux", architecture: "arm", variant: "v6" } }, {}));
    expect(gateway.asked[0]?.options.platform).toBe("linux/arm/v6");
  });

  test("knows what counts for the whole build", async () => {
    const gateway = fakeGateway({ frontend: () => resultOf(alpine) });
    await solve(gateway, dockerfile({}, {}), { settings: { noCache: true, resolveMode: "local" } });
    expect(gateway.asked[0]?.options).toMatchObject({ "no-cache": "", "image-resolve-mode": "local" });
  });
});

test("the client's named contexts are for Dockerfiles, not for frontends that the script tells their options", async () => {
  const gateway = fakeGateway({ frontend: () => resultOf(alpine) });
  const named = { options: { "context:base": "input:client.base" }, inputs: { "client.base": new Uint8Array([1]) } };
  const settings = { namedContexts: async () => named };
  await solve(gateway, dockerfile({}, {}), { settings });
  await solve(gateway, frontend("other", {}, {}), { settings });
  const [own, other] = gateway.asked;
  expect(own?.options).toMatchObject(named.options);
  expect(own?.inputs).toMatchObject(named.inputs);
  expect(Object.keys(own?.inputs ?? {})).toContain("dockerfile");
  expect(Object.keys(other?.options ?? {})).not.toContain("context:base");
});

describe("a Dockerfile of another directory", () => {
  const state = dockerfile({ context: "app", filename: "docker/Dockerfile" }, {});
  const patterns = async (files: Record<string, string>) => {
    const gateway = fakeGateway({ frontend: () => resultOf(alpine), files });
    await solve(gateway, state);
    const [bytes = new Uint8Array()] = Definition.decode(gateway.asked[0]?.inputs.context ?? new Uint8Array()).def;
    const { identifier, attrs } = Op.decode(bytes).source ?? {};
    expect([identifier, attrs?.["local.sharedkeyhint"]]).toEqual(["local://app", "app"]);
    return attrs?.["local.excludepatterns"];
  };

  test("has its ignore file, which the daemon is asked for", async () => {
    expect(await patterns({ ".dockerignore": "# no\n*.log\n!keep.log\n" })).toBe('["*.log","!keep.log"]');
    expect(await patterns({ ".dockerignore": "a", "docker/Dockerfile.dockerignore": "b" })).toBe('["b"]');
    expect(await patterns({})).toBeUndefined();
  });
});

describe("a Dockerfile of a State", () => {
  test("gets that State as it is", async () => {
    const gateway = fakeGateway({ frontend: () => resultOf(alpine) });
    await solve(gateway, dockerfile({ context: run(alpine, "clone", {}, {}) }, {}));
    const [request = { inputs: {} }] = gateway.asked;
    expect(opsOf(request, "context")).toEqual(["docker-image://docker.io/library/alpine:3.20", "clone"]);
    expect(opsOf(request, "dockerfile")).toEqual(opsOf(request, "context"));
  });
});

describe("another frontend", () => {
  test("gets its options and inputs, an image's config with its State, and a directory for scratch", async () => {
    const gateway = fakeGateway({ frontend: () => resultOf(alpine) });
    const inputs = new Map([
      ["base", run(alpine, "prepare", {}, {})],
      ["empty", scratch],
    ]);
    const images = new Map(
      alpine.base === undefined ? [] : [[alpine.base, { digest: "", config: { ...config, rootfs } }]],
    );
    await solve(gateway, frontend("f:1", { options: new Map([["a", "b"]]), inputs }, {}), { images });
    const [request] = gateway.asked;
    if (request === undefined) throw new Error("not asked");
    const { "input-metadata:base": metadata = "{}", ...options } = request.options;
    expect(options).toEqual({ a: "b", platform: "linux/amd64", source: "f:1" });
    const known: Record<string, string> = JSON.parse(metadata);
    expect(Object.keys(known)).toEqual(["containerimage.config"]);
    expect(JSON.parse(Buffer.from(known["containerimage.config"] ?? "", "base64").toString())).toMatchObject(config);
    expect(opsOf(request, "empty")).toEqual(["files"]);
  });

  const rootfs = { type: "layers", diff_ids: [] } as const;
});

describe("several frontends", () => {
  const step = ({ inputs }: FrontendSolve) => opsOf({ inputs }, "context").at(-1) ?? "none";

  test("are asked once each, those within inputs first, the others at once", async () => {
    const waiting = Promise.withResolvers<void>();
    const events: string[] = [];
    const gateway = fakeGateway({
      frontend: async (request) => {
        const name = step(request);
        events.push(`ask ${name}`);
        if (events.length === 2) waiting.resolve();
        await waiting.promise;
        events.push(`told ${name}`);
        return resultOf(run(alpine, `made of ${name}`, {}, {}), { config });
      },
    });
    const inner = (name: string) => dockerfile({ context: run(alpine, name, {}, {}) }, {});
    const left = inner("left");
    const outer = dockerfile({ context: merge([left, inner("right")], {}) }, {});
    const state = merge([outer, run(left, "x", {}, {}), run(left, "y", {}, {})], {});
    await solve(gateway, state);
    expect(events.slice(0, 2).sort()).toEqual(["ask left", "ask right"]);
    expect(events.slice(2, 4).sort()).toEqual(["told left", "told right"]);
    expect(events.slice(4)).toEqual(["ask merge", "told merge"]);
    expect(opsOf(gateway.asked[2] ?? { inputs: {} }, "context").sort()).toEqual([
      "docker-image://docker.io/library/alpine:3.20",
      "made of left",
      "made of right",
      "merge",
    ]);
  });

  test("that say the same are one call", async () => {
    const gateway = fakeGateway({ frontend: () => resultOf(alpine) });
    const again = withMetadata(dockerfile({}, {}), { group: "g" });
    await solve(
      gateway,
      merge([dockerfile({}, {}), dockerfile({}, { location }), again, dockerfile({ target: "x" }, {})], {}),
    );
    expect(gateway.asked).toHaveLength(2);
  });

  test("start in the settings of those before them", async () => {
    const gateway = fakeGateway({ frontend: () => resultOf(alpine, { config }) });
    await solve(gateway, dockerfile({ context: run(dockerfile({}, {}), "x", {}, {}) }, {}));
    const [, bytes = new Uint8Array()] = Definition.decode(gateway.asked[1]?.inputs.context ?? new Uint8Array()).def;
    expect(Op.decode(bytes).exec?.meta).toMatchObject({ env: ["FROM=dockerfile"], cwd: "/work" });
  });
});

describe("results", () => {
  test("of several platforms: the wanted one counts, with its config", async () => {
    const { reference } = resultOf(run(alpine, "arm", {}, {}));
    const other = resultOf(alpine).reference;
    if (reference === undefined || other === undefined) throw new Error("no reference");
    const encoded = new TextEncoder().encode(JSON.stringify(config));
    const gateway = fakeGateway({
      frontend: () => ({
        reference: undefined,
        references: new Map([
          ["linux/amd64", other],
          ["linux/arm64/v8", reference],
        ]),
        metadata: {
          "containerimage.config/linux/arm64/v8": encoded,
          "containerimage.base.config/linux/arm64/v8": encoded,
        },
      }),
    });
    const state = dockerfile({ platform: { os: "linux", architecture: "arm64" } }, {});
    const { images, baseConfigOf } = await solve(gateway, state);
    const [vertex] = images.keys();
    expect((await defined(gateway, state)).ops).toHaveLength(2);
    expect(vertex && images.get(vertex)?.config.config.User).toBe("app");
    expect(vertex && baseConfigOf(vertex)).toEqual(encoded);
    const failure = await problem(gateway, dockerfile({ platform: { os: "linux", architecture: "s390x" } }, {}));
    expect(failure.message).toBe(
      "bk.dockerfile: the frontend gave no result for linux/s390x, but for linux/amd64, linux/arm64/v8",
    );
  });

  test("of scratch are a directory with nothing in it", async () => {
    const gateway = fakeGateway({
      frontend: () => ({ reference: { id: undefined, definition: undefined }, references: new Map(), metadata: {} }),
    });
    const { ops, result } = await defined(gateway, merge([dockerfile({}, {}), alpine], {}));
    expect(ops).toHaveLength(3);
    expect(result?.op.inputs).toHaveLength(2);
  });

  test("are errors at the script's line when there is nothing to build on", async () => {
    const state = dockerfile({}, { location });
    const nothing = fakeGateway({
      frontend: () => ({ reference: undefined, references: new Map(), metadata: {} }),
    });
    const place = { file: "build.lua", line: 2 };
    expect(await problem(nothing, state)).toMatchObject({
      message: "bk.dockerfile: the frontend gave no result",
      position: place,
    });
    expect(await problem(fakeGateway({ frontend: () => resultOf(undefined) }), state)).toMatchObject({
      message: "bk.dockerfile: the BuildKit daemon does not tell what the result is made of",
      position: place,
    });
    expect(await problem(fakeGateway({ gatewayCaps: ["reference.output"] }), state)).toMatchObject({
      message: 'bk.dockerfile: the BuildKit daemon does not support "frontend.inputs"',
      position: place,
    });
  });
});

test("a state without frontends asks for nothing", async () => {
  const images = new Map();
  const found = await solve(fakeGateway({ gatewayCaps: [] }), run(local("context", {}, {}), "x", {}, {}), { images });
  expect(found.images).toEqual(images);
});

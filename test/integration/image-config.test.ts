import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatConfig } from "../../src/image/config.ts";
import { type ExportOptions, inheritConfig } from "../../src/image/export-config.ts";
import { createResolver } from "../../src/image/resolve.ts";
import { mkfileAction } from "../../src/llb/action.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { fileOp } from "../../src/llb/file.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { image } from "../../src/llb/source-image.ts";
import { buildctlBuild, fetchConfig, testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const bed = testbed();
const amd64 = { os: "linux", architecture: "amd64" };
const scratch = await mkdtemp(join(tmpdir(), "luakit-config-"));
const resolver = createResolver({ credentials: async () => undefined });
let count = 0;

afterAll(() => rm(scratch, { recursive: true }));

/** The config of the image that the daemon's own Dockerfile frontend makes of these lines. */
async function dockerfileConfig(base: string, lines: readonly string[]) {
  const directory = join(scratch, `${++count}`);
  await mkdir(directory);
  await Bun.write(join(directory, "Dockerfile"), [`FROM ${base}`, ...lines, ""].join("\n"));
  const name = `${bed.registry}/image-config:${count}`;
  const output = [`type=image,name=${name},push=true,oci-mediatypes=true`];
  const locals = { context: directory, dockerfile: directory };
  const result = await buildctlBuild({ frontend: "dockerfile.v0", locals, output });
  expect(result.stderr).not.toContain("ERROR");
  expect(result.exitCode).toBe(0);
  return fetchConfig(name);
}

async function ownConfig(base: string, options: ExportOptions) {
  const image = base === "scratch" ? undefined : await resolver.resolve(base, amd64);
  return JSON.parse(formatConfig(inheritConfig(image?.config, options, amd64)));
}

/** Dockerfile sets this old Windows flag with every CMD; it means nothing elsewhere. */
function comparable(config: Readonly<Record<string, unknown>>) {
  const { ArgsEscaped: _, ...rest } = config;
  return rest;
}

describe("an exported config is what the Dockerfile frontend makes", () => {
  const { configured, busybox, debianConfigured } = bed.images;
  const file = "COPY Dockerfile /Dockerfile";

  test.each<[string, string, readonly string[], ExportOptions]>([
    ["scratch", "scratch", [file], {}],
    ["a plain base", busybox, [], {}],
    ["a configured base", configured, [], {}],
    ["a configured Debian base", debianConfigured, [], {}],
    ["entrypoint resets cmd", configured, ['ENTRYPOINT ["/x"]'], { entrypoint: ["/x"] }],
    ["entrypoint and cmd", configured, ['ENTRYPOINT ["/x"]', 'CMD ["y"]'], { entrypoint: ["/x"], cmd: ["y"] }],
    ["cmd alone", configured, ['CMD ["y"]'], { cmd: ["y"] }],
    ["empty entrypoint", configured, ["ENTRYPOINT []"], { entrypoint: [] }],
    ["cmd in the shell", configured, ["CMD echo hi"], { cmd: "echo hi" }],
    [
      "own shell",
      busybox,
      ['SHELL ["/bin/ash", "-ec"]', "ENTRYPOINT echo hi"],
      { shell: ["/bin/ash", "-ec"], entrypoint: "echo hi" },
    ],
    ["env", configured, ["ENV PATH=/bin", "ENV NEW=1"], { env: ["PATH=/bin", "NEW=1"] }],
    ["relative workdir", configured, ["WORKDIR sub"], { workdir: "sub" }],
    ["workdir upwards", configured, ["WORKDIR ../up"], { workdir: "../up" }],
    ["user", configured, ["USER 1:2"], { user: "1:2" }],
    ["ports", configured, ["EXPOSE 99 53/udp 8000-8001"], { expose: [99, "53/udp", "8000-8001"] }],
    ["volumes", configured, ["VOLUME /a /b"], { volumes: ["/a", "/b"] }],
    ["labels", configured, ['LABEL z="1" a="2"'], { labels: new Map(Object.entries({ z: "1", a: "2" })) }],
    ["stop signal", configured, ["STOPSIGNAL SIGUSR1"], { stop_signal: "SIGUSR1" }],
    ["no healthcheck", configured, ["HEALTHCHECK NONE"], { healthcheck: { disable: true } }],
    [
      "healthcheck",
      configured,
      ["HEALTHCHECK --interval=5s --timeout=1m --start-period=2s --start-interval=500ms --retries=4 CMD true"],
      {
        healthcheck: {
          cmd: "true",
          interval: "5s",
          timeout: "1m",
          start_period: "2s",
          start_interval: "500ms",
          retries: 4,
        },
      },
    ],
    ["author", busybox, ["MAINTAINER me"], { author: "me" }],
  ])("%s", async (_, base, lines, options) => {
    const [theirs, own] = await Promise.all([dockerfileConfig(base, lines), ownConfig(base, options)]);
    expect(comparable(own.config)).toEqual(comparable(theirs.config));
    expect([own.os, own.architecture, own.variant, own.author]).toEqual([
      theirs.os,
      theirs.architecture,
      theirs.variant,
      theirs.author,
    ]);
  });
});

test("the exporter takes a config with its base's history and fills in the layers", async () => {
  const options = { entrypoint: ["/x"], labels: new Map([['quo"te', "a,b='c'"]]), author: "me" };
  const base = await resolver.resolve(bed.images.configured, amd64);
  const own = inheritConfig(base.config, options, amd64);
  const state = fileOp(image(bed.images.configured, {}, {}), [mkfileAction("/new", `${Date.now()}`, {})], {});
  const name = `${bed.registry}/image-config:exported`;
  const attribute = `containerimage.config=${formatConfig(own)}`;
  const output = [`type=image,name=${name},push=true,"${attribute.replaceAll('"', '""')}"`];
  const definition = encodeDefinition(marshal(state, { platform: amd64 }));
  const result = await buildctlBuild({ definition, output });
  expect(result.stderr).not.toContain("error:");
  expect(result.exitCode).toBe(0);
  const made = await resolver.resolve(name, amd64);
  expect(made.config.config).toEqual({ ...own.config });
  expect(made.config.author).toBe("me");
  const layers = made.config.history?.filter((entry) => entry.empty_layer !== true) ?? [];
  expect(layers).toHaveLength(made.config.rootfs.diff_ids.length);
  expect(made.config.rootfs.diff_ids).toEqual([
    ...base.config.rootfs.diff_ids,
    made.config.rootfs.diff_ids.at(-1) ?? "",
  ]);
});

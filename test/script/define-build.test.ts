import { expect, test } from "bun:test";
import type { ResolvedImage } from "../../src/image/resolve.ts";
import { run } from "../../src/llb/exec.ts";
import { image } from "../../src/llb/source-image.ts";
import { noBaseImages } from "../../src/script/base-images.ts";
import { defineBuild, imageConfigOf } from "../../src/script/define-build.ts";
import { evaluate } from "../../src/script/evaluate.ts";
import { rejectionOf } from "../image/failure.ts";
import { evaluateOptions } from "./evaluate-options.ts";

const platform = { os: "linux", architecture: "amd64" };
const digest = `sha256:${"a".repeat(64)}`;
const base = image("docker.io/library/base:1", { resolveDigest: true }, {});
const resolved = {
  reference: "docker.io/library/base:1",
  digest,
  config: {
    architecture: "amd64",
    os: "linux",
    config: { Env: ["FROM=base"], WorkingDir: "/work", User: "app", Entrypoint: ["/start"] },
    rootfs: { type: "layers", diff_ids: [] },
  },
} as object as ResolvedImage;
const images = new Map(base.base === undefined ? [] : [[base.base, resolved]]);

test("steps start as the base image says, and a pinned image has its digest", () => {
  const { bytes } = defineBuild({ state: run(base, "make", {}, {}), config: {} }, platform, images);
  const text = Buffer.from(bytes).toString("latin1");
  for (const part of ["FROM=base", "/work", "app", `docker-image://docker.io/library/base:1@${digest}`]) {
    expect(text).toContain(part);
  }
});

test("an image of which the daemon told has its digest where that is wanted, and no other", () => {
  const named = image("docker.io/library/base:1", {}, {});
  const define = (isSettled: boolean, settlesImages: boolean) => {
    const images = new Map(named.base === undefined ? [] : [[named.base, { ...resolved, isSettled }]]);
    const { bytes } = defineBuild({ state: named, config: {} }, platform, images, { settlesImages });
    return Buffer.from(bytes).toString("latin1").includes(`docker-image://docker.io/library/base:1@${digest}`);
  };
  expect([define(true, true), define(true, false), define(false, true)]).toEqual([true, false, false]);
});

test("without images steps start at the root with nothing", () => {
  const { bytes } = defineBuild({ state: run(base, "make", {}, {}), config: {} }, platform, noBaseImages);
  expect(Buffer.from(bytes).toString("latin1")).not.toContain("FROM=base");
});

test("the image config inherits that of the base image", async () => {
  const target = { state: run(base, "make", {}, {}), config: { cmd: ["run"] } };
  expect((await imageConfigOf(target, platform, images)).config).toMatchObject({
    Entrypoint: ["/start"],
    Cmd: ["run"],
    User: "app",
  });
  expect((await imageConfigOf(target, platform, noBaseImages)).config.Entrypoint).toBeUndefined();
});

test("what the base image shows to be wrong with the config is told at the export", async () => {
  const script = 'local s = bk.scratch()\nbk.export(s, {healthcheck = {interval = "5s"}})';
  const [target] = evaluate(evaluateOptions(script)).targets;
  if (target === undefined) throw new Error("there is no target");
  const { position, message } = await rejectionOf(imageConfigOf(target, platform, noBaseImages));
  expect([position?.line, message]).toEqual([2, expect.stringContaining("there is none to inherit")]);
});

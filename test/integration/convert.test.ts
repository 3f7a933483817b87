import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";
import { convertDockerfile } from "../../src/convert/convert-dockerfile.ts";
import { unique } from "../support/build.ts";
import { buildDockerfile, buildScript, type ConvertOptions, readCase } from "../support/convert-case.ts";

const names = [...new Glob("*.Dockerfile").scanSync(join(import.meta.dir, "convert"))]
  .map((file) => file.replace(".Dockerfile", ""))
  .sort();

/** Builds of the same Dockerfile beside that without options. */
const variants: Readonly<Record<string, readonly ConvertOptions[]>> = {
  stages: [{ target: "build" }, { target: "test" }],
  "global-args": [{ buildArgs: { VERSION: "3.0", EXTRA: "x y" } }, { target: "first" }],
  "arg-scope": [{ buildArgs: { INSIDE: "given", OUTSIDE: "given" } }, { target: "one" }],
  "expansion-args": [{ buildArgs: { UNSET: "set", PORT: "81", NAME: "other", VERSION: "2", DIR: "/x" } }],
  "base-reset": [{ target: "first" }, { target: "second" }],
  "inherited-config": [{ target: "base" }, { target: "middle" }],
  platforms: [{ platform: "linux/arm64" }, { buildArgs: { TARGETARCH: "mine" } }],
  "args-from-stage": [{ buildArgs: { VARIANT: "large" } }],
  "derived-args": [{ buildArgs: { LEVEL: "9" } }, { target: "one" }],
  "go-app": [{ target: "build", buildArgs: { LDFLAGS: "-x" } }],
  "node-app": [{ target: "build" }],
};

/** Dockerfiles of which something is said. */
const warned: Readonly<Record<string, readonly string[]>> = {
  expansion: ["LABEL: $NONE_LABEL is not set in the Dockerfile; if the base image sets it, write its value here"],
  workdir: ["WORKDIR: $PATHLESS is not set in the Dockerfile; if the base image sets it, write its value here"],
};

test("there are Dockerfiles of all shapes", () => {
  expect(names.length).toBeGreaterThanOrEqual(40);
});

describe.concurrent("a converted Dockerfile gives the same image", () => {
  for (const name of names) {
    for (const options of [{}, ...(variants[name] ?? [])]) {
      test(`${name} ${JSON.stringify(options)}`, async () => {
        const text = readCase(name, unique());
        const { script, warnings } = convertDockerfile(text, { name: "Dockerfile" });
        expect(warnings.map(({ message }) => message)).toEqual([...(warned[name] ?? [])]);
        const [before, after] = await Promise.all([buildDockerfile(text, options), buildScript(script, options)]);
        expect(after.config).toEqual(before.config);
        expect(after.files).toEqual(before.files);
      }, 60_000);
    }
  }
});

import { expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { FlagContext } from "../../src/client/flag-context.ts";
import { type OutputFlags, parseOutputs } from "../../src/client/outputs.ts";
import { failureOf } from "../image/failure.ts";
import { complaintOf, inFlagDirectory, nowhere, plain } from "./flags.ts";

const none: OutputFlags = {
  outputs: [],
  tags: [],
  push: false,
  load: false,
  annotations: [],
  allowDelete: false,
  imageId: false,
  severalPlatforms: false,
  attested: false,
};

function read(flags: Partial<OutputFlags>, context: FlagContext = nowhere) {
  const { outputs, ...rest } = parseOutputs({ ...none, ...flags }, context);
  return {
    ...rest,
    outputs: outputs.map(({ type, attributes, destination }) => [type, plain(attributes), destination.kind]),
  };
}

const app = "docker.io/library/app:latest";

const rows: readonly (readonly [string, Partial<OutputFlags>, readonly unknown[]])[] = [
  ["nothing", {}, []],
  ["a tag alone is an image at the daemon", { tags: ["app"] }, [["image", { name: app }, "none"]]],
  ["an image id alone is an image", { imageId: true }, [["image", {}, "none"]]],
  [
    "two tags",
    { tags: ["app", "ghcr.io/me/app:2", "docker.io/library/app"] },
    [["image", { name: `${app},ghcr.io/me/app:2` }, "none"]],
  ],
  ["--push", { tags: ["app"], push: true }, [["image", { name: app, push: "true", unpack: "false" }, "none"]]],
  [
    "--push pushes every image output",
    { tags: ["app"], push: true, outputs: ["type=image", "type=image,name=b:1,unpack=true,push=false", "out"] },
    [
      ["image", { name: app, push: "true", unpack: "false" }, "none"],
      ["image", { name: "docker.io/library/b:1", push: "true", unpack: "true" }, "none"],
      ["local", {}, "directory"],
    ],
  ],
  [
    "--push beside files is one more output",
    { tags: ["app"], push: true, outputs: ["out"] },
    [
      ["local", {}, "directory"],
      ["image", { name: app, push: "true", unpack: "false" }, "none"],
    ],
  ],
  ["--load", { tags: ["app"], load: true }, [["docker", { name: app }, "load"]]],
  ["--load without a tag", { load: true }, [["docker", {}, "load"]]],
  [
    "--load beside an archive",
    { load: true, outputs: ["type=docker,dest=x.tar"] },
    [
      ["docker", {}, "file"],
      ["docker", {}, "load"],
    ],
  ],
  ["--load beside a load", { load: true, outputs: ["type=docker,context=c"] }, [["docker", {}, "load"]]],
  [
    "--push and --load",
    { tags: ["app"], push: true, load: true },
    [
      ["image", { name: app, push: "true", unpack: "false" }, "none"],
      ["docker", { name: app }, "load"],
    ],
  ],
  [
    "tags name all image outputs that have no name of their own",
    { tags: ["app"], outputs: ["type=oci,dest=a.tar", "type=docker,dest=b.tar,name=own", "type=tar,dest=c.tar"] },
    [
      ["oci", { name: app }, "file"],
      ["docker", { name: "docker.io/library/own:latest" }, "file"],
      ["tar", {}, "file"],
    ],
  ],
  [
    "the build names the image",
    { outputs: ["type=image,name=*,push=true"] },
    [["image", { name: "*", push: "true" }, "none"]],
  ],
  [
    "push by digest has no tag",
    { tags: ["app"], outputs: ["type=image,push-by-digest=true,push=true"] },
    [["image", { name: "docker.io/library/app", "push-by-digest": "true", push: "true" }, "none"]],
  ],
  [
    "annotations",
    { tags: ["app"], annotations: ["a=1", "index:b=2"], outputs: ["type=oci,dest=x,annotation.a=0", "out"] },
    [
      ["oci", { name: app, "annotation.a": "1", "annotation-index.b": "2" }, "file"],
      ["local", {}, "directory"],
    ],
  ],
];

for (const [title, flags, outputs] of rows) {
  test(title, () => {
    expect<unknown>(read(flags)).toEqual({ outputs, cacheOnly: false, warnings: [] });
  });
}

test("an output that only caches", () => {
  expect(read({ outputs: ["type=cacheonly"] })).toEqual({ outputs: [], cacheOnly: true, warnings: [] });
  expect(read({ outputs: ["type=cacheonly"], tags: ["app"] }).outputs).toEqual([]);
  expect(read({ outputs: ["type=cacheonly", "out"] })).toMatchObject({ cacheOnly: false });
  expect(read({ outputs: ["type=cacheonly"], load: true })).toMatchObject({ cacheOnly: false });
});

test("flags without effect are named", () => {
  expect(read({ outputs: ["type=image,name=own"], tags: ["app"] }).warnings).toEqual([
    "--tag has no effect: the outputs have names of their own",
  ]);
  expect(read({ outputs: ["type=image,name=own", "type=image"], tags: ["app"] }).warnings).toEqual([]);
  expect(read({ outputs: ["out"], tags: ["app"], annotations: ["a=b"] }).warnings).toEqual([
    "--tag has no effect: no output is an image",
    "--annotation has no effect: no output is an image",
  ]);
});

const refused: readonly (readonly [Partial<OutputFlags>, string])[] = [
  [{ push: true }, "the image that is to be pushed has no name"],
  [{ outputs: ["type=registry"] }, "the image that is to be pushed has no name"],
  [{ outputs: ["type=image,name=a,push-by-digest=true"] }, "--output: push-by-digest=true does not push by itself"],
  [{ outputs: ["type=image,name=a:1,push-by-digest=true,push=true"] }, "--output: push-by-digest pushes no tag"],
  [{ tags: ["App"] }, '--tag: "App" is not an image name: the repository name must be lowercase'],
  [{ tags: ["app:"] }, '--tag: "app:" is not an image name: the tag is empty'],
  [{ tags: [""] }, "--tag: the image name is empty"],
  [{ tags: [`app@sha256:${"a".repeat(64)}`] }, "has a digest"],
  [{ outputs: ['type=image,"name=a,B"'] }, '--output: "B" is not an image name'],
  [{ outputs: ["-", "type=oci"] }, "--output: two outputs go to stdout"],
  [{ outputs: ["type=tar,dest=x", "type=oci,dest=./x"] }, '--output: two outputs go to "/nowhere/x"'],
  [{ outputs: ["out", "type=local,dest=out"] }, '--output: two outputs go to "/nowhere/out"'],
  [
    { outputs: ["type=oci,tar=false,dest=a", "type=docker,tar=false,dest=b"] },
    "--output: a daemon writes only one OCI layout",
  ],
  [{ outputs: ["type=docker,dest=x"], severalPlatforms: true }, "--output: type=docker cannot hold several platforms"],
  [{ outputs: ["type=docker,dest=x"], attested: true }, "--output: type=docker cannot hold attestations"],
  [{ outputs: ["out"], imageId: true }, "--iidfile needs an image, and no output is one"],
  [{ outputs: ["type=cacheonly"], imageId: true }, "--iidfile needs an image, and no output is one"],
];

test.each([...refused])("%j is refused: %s", (flags, complaint) => {
  expect(complaintOf(() => read(flags))).toContain(complaint);
});

test("deleting is for directories below the working directory, unless it is allowed", async () => {
  await inFlagDirectory({ "inside/file": "x" }, (context) => {
    symlinkSync("/", join(context.cwd, "root"));
    const output = (dest: string) => ({ outputs: [`type=local,dest=${dest},mode=delete`] });
    for (const dest of ["out", "inside", "new/deep", "..x"])
      expect(read(output(dest), context).outputs).toHaveLength(1);
    for (const dest of [".", "..", "/", "/tmp/other", "inside/../..", "root", "root/tmp/luakit-none", "../sibling"]) {
      expect(complaintOf(() => read(output(dest), context))).toContain("mode=delete would delete files of");
      expect(read({ ...output(dest), allowDelete: true }, context).outputs).toHaveLength(1);
    }
    expect(failureOf(() => read(output(".."), context)).hint).toContain("--allow buildx.local.delete");
  });
});

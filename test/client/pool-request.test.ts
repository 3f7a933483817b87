import { expect, test } from "bun:test";
import type { BuildFlags } from "../../src/client/build-flags.ts";
import { splitRequest } from "../../src/client/pool-request.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { rejectionOf } from "../image/failure.ts";
import { plain } from "./flags.ts";
import { requestOf } from "./request.ts";

const shares = [[parsePlatform("linux/amd64")], [parsePlatform("linux/arm64"), parsePlatform("linux/arm/v7")]];
const tag = ["reg.example/a/app:1", "reg.example/a/app:2", "other.example/app"];

async function split(flags: Partial<BuildFlags>) {
  return splitRequest(
    await requestOf({ platforms: ["linux/amd64", "linux/arm64", "linux/arm/v7"].map(parsePlatform), ...flags }),
    shares,
  );
}

test("each node builds its platforms, and pushes by digest to the repositories of all names", async () => {
  const { requests, push } = await split({ tag, push: true });
  expect(requests.map(({ platforms }) => platforms)).toEqual(shares);
  for (const { outputs } of requests) {
    expect(outputs.map(({ attributes }) => plain(attributes))).toEqual([
      { push: "true", unpack: "false", "push-by-digest": "true", name: "reg.example/a/app,other.example/app" },
    ]);
  }
  const names = ["reg.example/a/app:1", "reg.example/a/app:2", "other.example/app:latest"];
  expect(push).toEqual({ names, byDigest: false, insecure: false });
});

test("an index can be pushed by digest, too, and to a registry without TLS", async () => {
  const output = "type=image,name=reg.example/app,push=true,push-by-digest=true,registry.insecure=true";
  expect((await split({ output: [output] })).push).toEqual({
    names: ["reg.example/app"],
    byDigest: true,
    insecure: true,
  });
});

test("files and images that are not pushed are each node's own", async () => {
  const { requests, push } = await split({ output: ["type=local,dest=out", "type=image,name=app"] });
  expect(push).toBeUndefined();
  expect(requests[1]?.outputs.map(({ type }) => type)).toEqual(["local", "image"]);
});

test.each<[string, Partial<BuildFlags>, string]>([
  ["--load", { tag, load: true }, "an image cannot be loaded into a Docker Engine"],
  ["an OCI archive", { output: ["type=oci,dest=a.tar"] }, "type=oci cannot be written"],
  ["a layout", { output: ["type=oci,dest=layout,tar=false"] }, "type=oci cannot be written"],
  ["a tar", { output: ["type=tar,dest=a.tar"] }, "type=tar cannot be written"],
  [
    "mode=delete",
    { output: ["type=local,dest=out,mode=delete"], allow: ["buildx.local.delete"] },
    "mode=delete would remove",
  ],
  ["platform-split=false", { output: ["type=local,dest=out,platform-split=false"] }, "platform-split=false would mix"],
  ["an id without a push", { tag, files: { imageId: "id" } }, "--iidfile needs an image that is pushed"],
  ["two images", { output: ["type=registry,name=a", "type=registry,name=b"] }, "two images cannot be pushed"],
  ["a name of the build's", { output: ["type=registry,name=*"] }, "the build cannot name the image"],
])("%s is refused", async (_, flags, why) => {
  const error = await rejectionOf(split(flags));
  expect(error.code).toBe("usage");
  expect(error.message).toStartWith(`several nodes of the builder build this, and then ${why}`);
});

test("a cache that each node writes over is warned of; an inline one is not", async () => {
  expect((await split({ cacheTo: ["type=inline"] })).requests[0]?.warnings).toEqual([]);
  const text =
    "--cache-to: each node writes the cache type=registry (docker.io/library/c:1), and that of the last one stays";
  expect((await split({ cacheTo: ["type=registry,ref=c:1"] })).requests[0]?.warnings).toEqual([
    `${text}; type=inline keeps all`,
  ]);
});

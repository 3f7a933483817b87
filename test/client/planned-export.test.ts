import { expect, test } from "bun:test";
import { describeExports } from "../../src/client/planned-export.ts";
import { planSolve } from "../../src/client/solve-request.ts";
import { buildkit, containerdEngine, requestOf } from "./request.ts";

const config = { "containerimage.config.digest": "sha256:c", "containerimage.digest": "sha256:m" };

test("an engine with containerd knows an image by its manifest, others by its config", async () => {
  const request = await requestOf({ tag: ["app"], load: true });
  const described = (daemon: typeof buildkit, loadAs: "docker" | "oci") =>
    describeExports(planSolve(request, daemon, { loadAs }).exports, config);
  expect(described(buildkit, "docker")).toEqual(config);
  expect(described(buildkit, "oci")).toEqual({ "containerimage.digest": "sha256:m" });
  expect(described(containerdEngine, "docker")).toEqual({ "containerimage.digest": "sha256:m" });
});

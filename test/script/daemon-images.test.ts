import { expect, test } from "bun:test";
import type { GatewayImage } from "../../src/gateway/gateway.ts";
import { daemonResolver } from "../../src/script/daemon-images.ts";
import { fakeGateway } from "./fake-gateway.ts";

const platform = { os: "linux", architecture: "amd64" };
const image: GatewayImage = {
  reference: "docker.io/library/a:1",
  isAsNamed: true,
  digest: `sha256:${"a".repeat(64)}`,
  config: { architecture: "amd64", os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [] } },
};

async function isSettled(given: Partial<GatewayImage>, mode: "default" | "local", ofBuild: "default" | "local") {
  const gateway = { ...fakeGateway(), resolveImage: async () => ({ ...image, ...given }) };
  return (await daemonResolver(gateway, ofBuild).resolve("a:1", platform, mode)).isSettled;
}

test("what the daemon says of a name counts, but of an image of its own, or one that a policy put there", async () => {
  expect(await isSettled({}, "default", "default")).toBe(true);
  expect(await isSettled({}, "local", "default")).toBe(false);
  expect(await isSettled({}, "default", "local")).toBe(false);
  expect(await isSettled({ isAsNamed: false }, "default", "default")).toBe(false);
});

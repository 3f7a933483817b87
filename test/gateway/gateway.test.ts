import { expect, test } from "bun:test";
import { openGateway } from "../../src/gateway/gateway.ts";
import { LLBBridge, type ResolveImageConfigRequest } from "../../src/gen/gateway.ts";
import type { Channel } from "../../src/rpc/channel.ts";

/** A daemon that knows every image. */
function openFake() {
  const asked: string[] = [];
  const channel: Pick<Channel, "unary"> = {
    async unary(method, request) {
      if (method.path !== LLBBridge.ResolveImageConfig.path) throw new Error(method.path);
      const { Ref = "", Platform } = request as Partial<ResolveImageConfigRequest>;
      asked.push(`${Ref} ${Platform?.Architecture}`);
      const answer = { Ref, Digest: `sha256:${asked.length}`, Config: new TextEncoder().encode("{}") };
      return method.response.decode(LLBBridge.ResolveImageConfig.response.encode(answer));
    },
  };
  return { asked, gateway: openGateway(channel as Channel, { sessionId: "s" }) };
}

test("an image is asked for once for each platform, however often it is wanted", async () => {
  const { asked, gateway } = openFake();
  const image = (reference: string, architecture: string) =>
    gateway.resolveImage({ reference, platform: { os: "linux", architecture } });
  const answers = await Promise.all([
    image("a", "amd64"),
    image("a", "amd64"),
    image("a", "arm64"),
    image("b", "amd64"),
  ]);
  expect(answers.map(({ digest }) => digest)).toEqual(["sha256:1", "sha256:1", "sha256:2", "sha256:3"]);
  expect((await image("a", "amd64")).digest).toBe("sha256:1");
  expect(asked).toEqual([
    "docker.io/library/a:latest amd64",
    "docker.io/library/a:latest arm64",
    "docker.io/library/b:latest amd64",
  ]);
});

import { expect, test } from "bun:test";
import { parseImageConfig } from "../../src/image/parse-config.ts";
import type { ResolveMode } from "../../src/llb/source-image.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import type { ImageResolver } from "../../src/script/base-images.ts";
import { ImagePins } from "../../src/script/image-pins.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const config = parseImageConfig(new TextEncoder().encode("{}"), "a test's image");

/** A daemon for which a name stands for `own`; what it was asked is in `asked`. */
function daemon(own: string | Error) {
  const asked: string[] = [];
  const resolver: ImageResolver = {
    async resolve(reference) {
      asked.push(reference);
      if (own instanceof Error) throw own;
      return { digest: reference.split("@")[1] ?? own, config };
    },
  };
  return { asked, resolver };
}

async function resolved(pins: ImagePins, { resolver }: ReturnType<typeof daemon>, mode: ResolveMode = "default") {
  return (await pins.pin(resolver, "default").resolve("docker.io/library/a:1", parsePlatform("linux/amd64"), mode))
    .digest;
}

test("a name that moved is asked for by the digest that the first daemon had", async () => {
  const pins = new ImagePins();
  const [first, second, third] = [daemon(digest("a")), daemon(digest("b")), daemon(digest("a"))];
  expect(await Promise.all([first, second, third].map((each) => resolved(pins, each)))).toEqual(
    Array(3).fill(digest("a")),
  );
  expect(second.asked).toEqual(["docker.io/library/a:1", `docker.io/library/a:1@${digest("a")}`]);
  expect([first.asked.length, third.asked.length]).toEqual([1, 1]);
});

test("a daemon's own images are its own, and the failure of one daemon is not that of another", async () => {
  const pins = new ImagePins();
  expect(await resolved(pins, daemon(digest("a")))).toBe(digest("a"));
  expect(await resolved(pins, daemon(digest("b")), "local")).toBe(digest("b"));
  const others = new ImagePins();
  const failing = resolved(others, daemon(new Error("no route")));
  const working = resolved(others, daemon(digest("b")));
  expect(failing).rejects.toThrow("no route");
  expect(await working).toBe(digest("b"));
});

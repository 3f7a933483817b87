import type { Gateway } from "../gateway/gateway.ts";
import type { ResolveMode } from "../llb/source-image.ts";
import { type Platform, validatePlatform } from "../oci/platform.ts";
import type { ImageResolver } from "./base-images.ts";
import { requireCap } from "./required-caps.ts";

/** The daemon's own view of an image: its mirrors, its credentials, its cache. */
export function daemonResolver(gateway: Gateway, resolveMode: ResolveMode): ImageResolver {
  return {
    async resolveLayout(reference, storeId, platform) {
      requireCap("source.ocilayout", (await gateway.ping()).llbCaps);
      const layout = { sessionId: gateway.sessionId, storeId };
      const logName = `[internal] load metadata for ${reference}`;
      return await gateway.resolveImage({ reference, platform, layout, logName });
    },
    async resolve(reference, platform, mode) {
      const logName = `[internal] load metadata for ${reference}`;
      const settled = mode === "default" ? resolveMode : mode;
      const image = await gateway.resolveImage({ reference, platform, mode: settled, logName });
      // A daemon's own images are known by their names.
      return {
        digest: image.digest,
        config: image.config,
        isSettled: image.isAsNamed && settled !== "local",
      };
    },
  };
}

/** Asks for images by their complete references, before it is known that they are needed. */
export function foreseeReferences(
  gateway: Gateway,
  references: readonly string[],
  platform: Platform,
  resolveMode: ResolveMode,
): void {
  const resolver = daemonResolver(gateway, resolveMode);
  for (const reference of references) {
    resolver.resolve(reference, validatePlatform(platform), "default").catch(() => undefined);
  }
}

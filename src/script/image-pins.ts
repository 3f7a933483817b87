import { formatReference, parseReference } from "../image/reference.ts";
import { isDigest } from "../llb/digest.ts";
import type { ResolveMode } from "../llb/source-image.ts";
import type { BaseImage, ImageResolver } from "./base-images.ts";

/** What names of images stand for in a build of several daemons, as the first one that was asked has it. */
export class ImagePins {
  readonly #digests = new Map<string, Promise<string | undefined>>();

  /** A daemon's resolver that gives what the others give: a name that moved meanwhile is asked for by its digest. */
  pin(resolver: ImageResolver, fallback: ResolveMode): ImageResolver {
    return {
      ...resolver,
      resolve: async (reference, platform, mode) => {
        const asked = resolver.resolve(reference, platform, mode);
        // A daemon's own images are its own.
        if ((mode === "default" ? fallback : mode) === "local") return asked;
        const pinned = await this.#digestOf(reference, asked);
        const image = await asked;
        if (pinned === undefined || image.digest === undefined || image.digest === pinned) return image;
        return resolver.resolve(withDigest(reference, pinned), platform, mode);
      },
    };
  }

  #digestOf(reference: string, asked: Promise<BaseImage>): Promise<string | undefined> {
    const known = this.#digests.get(reference);
    if (known !== undefined) return known;
    const digest = asked.then(
      (image) => (image.digest !== undefined && isDigest(image.digest) ? image.digest : undefined),
      () => undefined,
    );
    this.#digests.set(reference, digest);
    return digest;
  }
}

function withDigest(reference: string, digest: string): string {
  return formatReference({ ...parseReference(reference), digest });
}

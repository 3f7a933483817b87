import { formatFamiliarReference, parseReference } from "../image/reference.ts";
import { formatPlatform, type Platform, validatePlatform } from "../oci/platform.ts";

/** The keys that a context for a local directory of this name may have, the first that is there counts. */
export function keysOfLocal(name: string, platform: Platform): readonly string[] {
  return [`${name}::${formatPlatform(validatePlatform(platform))}`, name];
}

/** The same for an image: its name as people write it, without `:latest`. */
export function keysOfImage(reference: string, platform: Platform): readonly string[] {
  const name = formatFamiliarReference(parseReference(reference)).replace(/:latest$/, "");
  return keysOfLocal(name, platform);
}

import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatReference, formatRepository, type ImageReference, parseReference } from "../image/reference.ts";

/** The full name of a `-t` or `name=`: `app` is `docker.io/library/app:latest`. Throws "usage". */
export function imageName(flag: string, text: string): string {
  return formatReference(parseName(flag, text));
}

/** The full names, each once; `byDigest` takes names without a tag and leaves them so. Throws "usage". */
export function imageNames(flag: string, texts: readonly string[], byDigest = false): string[] {
  const names = texts.map((text) => (byDigest ? repositoryName(flag, text) : imageName(flag, text)));
  return [...new Set(names)];
}

function repositoryName(flag: string, text: string): string {
  const reference = parseName(flag, text);
  if (!text.slice(text.lastIndexOf("/") + 1).includes(":")) return formatRepository(reference);
  throw new LuakitError("usage", `--${flag}: push-by-digest pushes no tag, and "${text}" has one`, {
    hint: `write name=${text.slice(0, text.lastIndexOf(":"))}`,
  });
}

function parseName(flag: string, text: string): ImageReference {
  try {
    const reference = parseReference(text.trim());
    if (reference.digest === undefined) return reference;
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    throw new LuakitError("usage", `--${flag}: ${error.message}`, { hint: error.hint, cause: error });
  }
  throw new LuakitError("usage", `--${flag}: "${text}" has a digest, and only the build can tell the digest`, {
    hint: `write "${text.replace(/@.*$/, "")}"`,
  });
}

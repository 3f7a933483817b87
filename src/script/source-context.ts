import type { Replacement } from "../api/replacement.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatReference, parseReference } from "../image/reference.ts";
import { http } from "../llb/source-http.ts";
import { ociLayoutImage, parseDigestReference } from "../llb/source-oci-layout.ts";
import { scratch, withMetadata } from "../llb/state.ts";
import { gitContext, isGitContext } from "./git-context.ts";

/** The name of a downloaded file, as in the Dockerfile frontend. */
export const downloadName = "context";

/** One `context:KEY=VALUE` of a client. */
export interface NamedContext {
  /** `NAME` or `NAME::PLATFORM`. */
  readonly key: string;
  readonly value: string;
}

/** The word before the first colon of a context's value; "" without a colon. */
export function schemeOf(value: string): string {
  return value.slice(0, Math.max(value.indexOf(":"), 0));
}

/** A named context that the daemon fetches by itself; undefined for all others. Throws for one that is malformed. */
export function sourceContext({ key, value }: NamedContext): Replacement | undefined {
  if (isGitContext(value)) return { type: "state", make: (_, place) => gitContext(value, {}, place) };
  const rest = value.slice(schemeOf(value).length + 1).replace(/^\/\//, "");
  switch (schemeOf(value)) {
    case "docker-image":
      return imageContext(key, rest);
    case "oci-layout":
      return layoutContext(key, rest);
    case "http":
    case "https":
      return fileContext(key, value);
  }
  return undefined;
}

/** The error of a named context that is none of the known kinds; `known` lists those beside what the daemon fetches. */
export function unknownContext({ key, value }: NamedContext, known: string): LuakitError {
  const scheme = schemeOf(value);
  const what = scheme === "" ? `"${value}" has no scheme` : `the context source "${scheme}" is not supported`;
  return new LuakitError("usage", `context "${key}": ${what}`, {
    hint: `docker-image://, oci-layout://, ${known}, http(s):// and the URLs of git repositories are`,
  });
}

function imageContext(key: string, name: string): Replacement {
  if (name === "scratch") return { type: "state", make: () => scratch };
  return { type: "image", reference: formatReference(parseReference(name)), title: `[context ${key}] ${name}` };
}

// As with the Dockerfile frontend it is called as the script calls it: the name of the client's store says little.
function layoutContext(key: string, reference: string): Replacement {
  const { name: store, digest } = parseDigestReference(reference);
  const called = `${key.replace(/::.*$/, "")}@${digest}`;
  return {
    type: "state",
    make: (platform, place) =>
      withMetadata(ociLayoutImage(called, { store, platform }, place), {
        name: `[context ${key}] OCI load from client`,
      }),
  };
}

function fileContext(key: string, url: string): Replacement {
  return {
    type: "state",
    make: (_, place) => withMetadata(http(url, { filename: downloadName }, place), { name: `[context ${key}] ${url}` }),
  };
}

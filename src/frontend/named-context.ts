import type { Replacement } from "../api/replacement.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { formatReference, parseReference } from "../image/reference.ts";
import { http } from "../llb/source-http.ts";
import { ociLayoutImage, parseDigestReference } from "../llb/source-oci-layout.ts";
import { scratch, withMetadata } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";
import type { ClientInputs } from "./client-inputs.ts";
import { localRoot } from "./file-root.ts";
import { gitContext, isGitContext } from "./git-context.ts";
import { downloadName } from "./http-context.ts";
import { readIgnorePatterns } from "./ignore-patterns.ts";
import { sessionOf } from "./main-context.ts";
import type { RawOptions } from "./option-value.ts";

export interface NamedContextOptions {
  readonly gateway: Gateway;
  readonly options: RawOptions;
  readonly platform: Platform;
  readonly inputs: () => Promise<ClientInputs>;
}

/** One `context:KEY=VALUE` of the client. */
export interface NamedContext {
  /** `NAME` or `NAME::PLATFORM`. */
  readonly key: string;
  readonly value: string;
}

/** What a named context is: known at once, or only when the daemon was asked. Throws for one that is malformed. */
export function readNamedContext(
  context: NamedContext,
  given: NamedContextOptions,
): Replacement | (() => Promise<Replacement>) {
  const { key, value } = context;
  const colon = value.indexOf(":");
  const scheme = value.slice(0, Math.max(colon, 0));
  const rest = value.slice(colon + 1);
  if (isGitContext(value)) return { type: "state", make: (_, place) => gitContext(value, {}, place) };
  switch (scheme) {
    case "docker-image":
      return imageContext(key, rest.replace(/^\/\//, ""));
    case "oci-layout":
      return layoutContext(key, rest.replace(/^\/\//, ""));
    case "http":
    case "https":
      return fileContext(key, value);
    case "local":
      return () => readLocal(context, rest, given);
    case "input":
      return () => readInput(context, rest, given);
  }
  const what = scheme === "" ? `"${value}" has no scheme` : `the context source "${scheme}" is not supported`;
  throw new LuakitError("usage", `context "${key}": ${what}`, {
    hint: "docker-image://, oci-layout://, local:, input:, http(s):// and the URLs of git repositories are",
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

async function readLocal(
  { key }: NamedContext,
  name: string,
  { gateway, options, platform }: NamedContextOptions,
): Promise<Replacement> {
  const sessionId = sessionOf(options, name);
  const hint = `context:${key}`;
  const root = localRoot(gateway, name, { platform, sessionId });
  const exclude = await readIgnorePatterns(root, { title: `[context ${key}] load .dockerignore`, key: hint });
  if (exclude === undefined) throw missing(key, `the client has no local directory "${name}"`);
  const sharedKeyHint = `${hint}-${options.get(`sharedkey:localdir:${key}`) ?? ""}`;
  return { type: "local", name, exclude, sharedKeyHint, sessionId, title: `[context ${key}] load from client` };
}

async function readInput(
  { key }: NamedContext,
  name: string,
  { inputs, options }: NamedContextOptions,
): Promise<Replacement> {
  const all = await inputs();
  if (!all.has(name)) throw missing(key, `the client gave no input "${name}"`);
  const config = readConfig(key, options.get(`input-metadata:${name}`));
  return { type: "state", make: (_, place) => all.state(name, config, place) };
}

function readConfig(key: string, json: string | undefined): Uint8Array | undefined {
  if (json === undefined) return undefined;
  try {
    const config: unknown = JSON.parse(json)?.["containerimage.config"];
    return typeof config === "string" ? Buffer.from(config, "base64") : undefined;
  } catch (cause) {
    throw new LuakitError("usage", `context "${key}": the metadata of its input is no JSON`, { cause });
  }
}

function missing(key: string, problem: string): LuakitError {
  return new LuakitError("usage", `context "${key}": ${problem}`);
}
